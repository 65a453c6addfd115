-- +goose Up
-- Trusted: the database's owner may make it. It lets an exclusion compare crews.
create extension if not exists btree_gist;

-- Who works when. A crew has one shift at a time; it puts itself on duty, and
-- crew.shift then names the shift that it works.
create table shift (
    id          uuid primary key,
    authority   text not null references authority,
    version     int not null default 1,
    crew        uuid not null references crew,
    state       text not null check (state in ('on', 'standby')),
    starts_at   timestamptz not null,
    ends_at     timestamptz not null check (ends_at > starts_at),
    members     jsonb not null default '[]',
    vehicle     text not null default '',
    -- Beside those of the crew itself.
    skills      text[] not null default '{}',
    note        text not null default '',
    constraint shift_one_at_a_time exclude using gist (crew with =, tstzrange(starts_at, ends_at) with &&)
);
create index shift_starts on shift (authority, starts_at);

alter table crew
    add column break_until timestamptz,
    add column standby_until timestamptz,
    add column shift uuid references shift;
create index crew_shift on crew (shift) where shift is not null;

-- +goose Down
alter table crew drop column break_until, drop column standby_until, drop column shift;
drop table shift;
