-- +goose Up

-- What crews wrote down about a job, and what the sync judges operations by:
-- the crews that had it before, and the version at which it was last begun
-- anew. See dispatch.Job.Apply.
alter table job
    add column record         jsonb not null default '{}',
    add column record_missing text[] not null default '{}',
    add column linked         uuid references job,
    add column contested      boolean not null default false,
    add column former         uuid[] not null default '{}',
    add column reopened_at    int not null default 0;

-- A tablet of a crew. secret is the SHA-256 of its cookie's secret; a device
-- that a program speaks for has none. Lock order: before everything else.
create table device (
    id          uuid primary key,
    authority   text not null references authority,
    crew        uuid not null references crew,
    app_user    uuid references app_user,
    name        text not null default '',
    app         text not null default '',
    secret      bytea unique,
    created_at  timestamptz not null,
    seen_at     timestamptz not null,
    skew_ms     bigint not null default 0,
    signed_out_at timestamptz,
    revoked_at  timestamptz,
    wiped_at    timestamptz
);
create index device_crew on device (crew);

-- Every operation that a device sent, with its verdict: what makes it happen
-- once, and the evidence of what was kept or refused. n is the order in which
-- they came. at is when it was done, as far as it can be known.
create table op (
    authority   text not null references authority,
    id          uuid not null,
    n           bigint generated always as identity,
    device      uuid not null,
    crew        uuid not null references crew,
    kind        text not null,
    job         uuid,
    base_version int not null,
    performed_at timestamptz not null,
    at          timestamptz not null,
    received_at timestamptz not null,
    data        jsonb not null,
    hash        bytea not null,
    status      text not null check (status in ('applied', 'merged', 'kept', 'refused')),
    reason      text not null default '',
    field       text not null default '',
    by          jsonb not null,
    primary key (authority, id)
);
create index op_job on op (job, n) where job is not null;
create index op_device on op (device, n);

-- What the field and the desk disagree about.
create table conflict (
    id          uuid primary key,
    authority   text not null references authority,
    version     int not null default 1,
    kind        text not null,
    status      text not null,
    job         uuid not null references job,
    crew        uuid not null references crew,
    -- The job as it was then: its number, incident, category, department and
    -- place. It decides who sees the conflict.
    about       jsonb not null,
    op          jsonb not null,
    other       jsonb not null,
    opened_at   timestamptz not null,
    settled_at  timestamptz,
    settled_by  jsonb,
    choice      text not null default '',
    note        text not null default ''
);
create index conflict_open on conflict (authority, opened_at) where settled_at is null;
create index conflict_job on conflict (job);

-- A crew's inbox.
create table message (
    id          uuid primary key,
    authority   text not null references authority,
    version     int not null default 1,
    crew        uuid not null references crew,
    kind        text not null,
    text        text not null default '',
    job         uuid references job,
    number      text not null default '',
    sender      jsonb not null,
    at          timestamptz not null,
    read_at     timestamptz,
    -- The crew's when it was sent.
    departments text[] not null,
    district    text not null
);
create index message_crew on message (crew, at);
create index message_recent on message (authority, at);

-- +goose Down
drop table message, conflict, op, device;
alter table job drop column record, drop column record_missing, drop column linked, drop column contested, drop column former, drop column reopened_at;
