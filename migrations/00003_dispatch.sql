-- +goose Up

create table crew (
    id          uuid primary key,
    authority   text not null references authority,
    version     int not null default 1,
    code        text not null,
    name        text not null,
    kind        text not null default 'crew' check (kind in ('crew', 'patrol', 'volunteer', 'contractor')),
    departments text[] not null,
    skills      text[] not null default '{}',
    district    text not null default '',
    vehicle     text not null default '',
    on_until    timestamptz,
    on_break    boolean not null default false,
    retired     boolean not null default false,
    unique (authority, code)
);
alter table app_user add foreign key (crew) references crew;
alter table token add foreign key (crew) references crew;

-- Telemetry. crew_position is the last fix by its own time; track is all of
-- them, in daily partitions that the program makes and drops.
create table crew_position (
    crew        uuid primary key references crew,
    authority   text not null references authority,
    geom        geometry(Point, 4326) not null,
    heading     double precision,
    speed       double precision,
    accuracy    double precision,
    at          timestamptz not null,
    received_at timestamptz not null default now()
);
create index crew_position_received on crew_position (received_at);

create table track (
    crew        uuid not null,
    at          timestamptz not null,
    geom        geometry(Point, 4326) not null,
    heading     double precision,
    speed       double precision,
    accuracy    double precision,
    received_at timestamptz not null default now(),
    primary key (crew, at)
) partition by range (at);
create table track_other partition of track default;

-- The last number given for each noun and year. Lock order of the desk's
-- transactions: intake's advisory lock, incidents by id, jobs by id, crews by
-- id, counters, and the feed's head last.
create table counter (
    authority   text not null references authority,
    noun        text not null,
    year        int not null,
    last        bigint not null,
    primary key (authority, noun, year)
);

create table incident (
    id          uuid primary key,
    authority   text not null references authority,
    number      text not null,
    version     int not null default 1,
    state       text not null check (state in ('open', 'closed', 'merged')),
    category    text not null,
    department  text not null,
    priority    int not null,
    text        text not null,
    geom        geometry(Point, 4326),
    precision   text not null,
    score       double precision not null,
    label       text not null,
    told        text not null default '',
    district    text not null default '',
    neighbourhood text not null default '',
    reports     int not null default 1,
    last_report_at timestamptz not null,
    withheld    text not null default '',
    into_id     uuid references incident,
    opened_at   timestamptz not null,
    closed_at   timestamptz,
    unique (authority, number),
    foreign key (authority, category) references category,
    foreign key (authority, department) references department
);
create index incident_geom on incident using gist (geom);
-- The merge candidates and the snapshot.
create index incident_open_geom on incident using gist (geom) where state = 'open';
create index incident_open on incident (authority, category) where state = 'open';

create table clock (
    incident    uuid not null references incident,
    kind        text not null check (kind in ('response', 'resolution')),
    n           double precision not null,
    unit        text not null,
    started_at  timestamptz not null,
    due_at      timestamptz not null,
    stopped_at  timestamptz,
    pauses      jsonb not null default '[]',
    primary key (incident, kind)
);

create table report (
    id          uuid primary key,
    authority   text not null references authority,
    number      text not null,
    token       text not null,
    channel     text not null,
    category    text not null,
    text        text not null,
    told        text not null default '',
    geom        geometry(Point, 4326),
    precision   text not null,
    score       double precision not null,
    label       text not null,
    district    text not null default '',
    neighbourhood text not null default '',
    contact     jsonb,
    phone       text,
    answers     jsonb not null default '{}',
    incident    uuid not null references incident,
    -- Why it was joined to or opened as that incident, for people.
    merge       jsonb not null,
    filed_by    jsonb not null,
    filed_at    timestamptz not null,
    idempotency text,
    body_hash   bytea,
    unique (authority, number),
    unique (token)
);
create index report_incident on report (incident);
create index report_phone on report (authority, phone) where phone is not null;
create unique index report_idempotency on report (authority, idempotency) where idempotency is not null;

create table job (
    id          uuid primary key,
    authority   text not null references authority,
    number      text not null,
    version     int not null default 1,
    state       text not null check (state in ('planned', 'assigned', 'accepted', 'departed', 'arrived', 'paused', 'done', 'cancelled')),
    incident    uuid not null references incident,
    crew        uuid references crew,
    department  text not null,
    reason      text not null default '',
    note        text not null default '',
    paused_from text not null default '',
    created_at  timestamptz not null,
    assigned_at timestamptz,
    arrived_at  timestamptz,
    ended_at    timestamptz,
    unique (authority, number),
    foreign key (authority, department) references department
);
create index job_incident on job (incident);
create index job_live on job (authority, crew) where state not in ('done', 'cancelled');

-- Who saw a resident's personal data.
create table personal_view (
    at          timestamptz not null default now(),
    authority   text not null references authority,
    actor       jsonb not null,
    report      uuid not null references report
);

-- +goose Down
drop table personal_view, job, report, clock, incident, counter, track, crew_position, crew cascade;
