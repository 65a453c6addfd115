-- +goose Up

-- The day of a crew, in its shape in the snapshot. before are the orders that
-- it had, the last one first. basis is what it was made of: where that isn't
-- what there is, or again_at has come, the plan is made again.
create table plan (
    crew        uuid primary key references crew,
    authority   text not null references authority,
    version     int not null default 0,
    body        jsonb not null default '{}',
    before      jsonb not null default '[]',
    basis       text not null default '',
    again_at    timestamptz,
    live        boolean not null default false
);
create index plan_live on plan (authority) where live;

-- Roads that nobody drives for a while. geom are the stretches as they were when
-- they were closed: the road graph is found by it after every import.
create table closure (
    id          uuid primary key,
    authority   text not null references authority,
    version     int not null default 1,
    geom        geometry(MultiLineString, 4326) not null,
    reason      text not null,
    starts_at   timestamptz not null,
    ends_at     timestamptz check (ends_at > starts_at),
    made_by     jsonb not null,
    made_at     timestamptz not null,
    lifted_at   timestamptz
);
create index closure_open on closure (authority, starts_at) where lifted_at is null;

-- +goose Down
drop table closure, plan;
