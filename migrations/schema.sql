-- What the migrations come to, to be read: written by "make generate" and never run.

create table authority (
    code        text not null,
    names       jsonb not null,
    time_zone   text not null default 'Asia/Jerusalem',
    calendar    jsonb not null default '{}',
    created_at  timestamptz not null default now(),
    primary key (code),
    check (code ~ '^[a-z][a-z0-9-]{0,39}$')
);

create table department (
    authority  text not null,
    code       text not null,
    names      jsonb not null,
    icon       text not null default '',
    phone      text not null default '',
    position   int not null default 0,
    primary key (authority, code),
    foreign key (authority) references authority(code)
);

create table category (
    authority   text not null,
    code        text not null,
    department  text not null,
    domain      text not null,
    names       jsonb not null,
    priority    int not null,
    sensitive   boolean not null default false,
    retired     boolean not null default false,
    detail      jsonb not null default '{}',
    position    int not null default 0,
    version     int not null default 1,
    primary key (authority, code),
    check (priority >= 1 and priority <= 5),
    foreign key (authority, department) references department(authority, code)
);

create table app_user (
    id           uuid not null,
    authority    text not null,
    login        text not null,
    name         text not null,
    role         text not null,
    district     text not null default '',
    department   text not null default '',
    crew         uuid,
    lang         text not null default 'he',
    password     text not null,
    disabled_at  timestamptz,
    created_at   timestamptz not null default now(),
    primary key (id),
    unique (login),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id)
);

create table session (
    hash        bytea not null,
    data        bytea not null,
    expires_at  timestamptz not null,
    primary key (hash)
);
create index session_expires_at on session (expires_at);

create table token (
    id          uuid not null,
    authority   text not null,
    hash        bytea not null,
    name        text not null default '',
    role        text not null,
    district    text not null default '',
    department  text not null default '',
    crew        uuid,
    created_at  timestamptz not null default now(),
    used_at     timestamptz,
    revoked_at  timestamptz,
    primary key (id),
    unique (hash),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id)
);

create table dataset (
    id          bigint generated always as identity,
    authority   text not null,
    kind        text not null,
    source      text not null,
    file        text not null default '',
    summary     jsonb not null default '{}',
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz,
    primary key (id),
    check (kind = any (array['boundary', 'district', 'neighbourhood', 'zone', 'street', 'address', 'place', 'road', 'base'])),
    foreign key (authority) references authority(code)
);
create unique index dataset_in_force on dataset (authority, kind, source) where (valid_to is null);

create table area (
    id          uuid not null,
    dataset     bigint not null,
    authority   text not null,
    level       text not null,
    code        text not null,
    name        text not null,
    names       jsonb not null default '{}',
    parent      uuid,
    population  int,
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz,
    geom        geometry(MultiPolygon,4326) not null,
    primary key (id),
    check (level = any (array['boundary', 'district', 'neighbourhood'])),
    foreign key (dataset) references dataset(id) on delete cascade,
    foreign key (authority) references authority(code),
    foreign key (parent) references area(id)
);
create index area_dataset on area (dataset);
create index area_geom on area using gist (geom);
create unique index area_in_force on area (authority, level, code) where (valid_to is null);

create table zone (
    id          uuid not null,
    dataset     bigint not null,
    authority   text not null,
    department  text not null,
    code        text not null,
    name        text not null,
    names       jsonb not null default '{}',
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz,
    geom        geometry(MultiPolygon,4326) not null,
    primary key (id),
    foreign key (dataset) references dataset(id) on delete cascade,
    foreign key (authority) references authority(code),
    foreign key (authority, department) references department(authority, code)
);
create index zone_dataset on zone (dataset);
create index zone_geom on zone using gist (geom);
create unique index zone_in_force on zone (authority, department, code) where (valid_to is null);

create table street (
    dataset  bigint not null,
    id       bigint not null,
    code     text not null default '',
    name     text not null,
    names    jsonb not null default '{}',
    aliases  text[] not null default '{}',
    class    text not null default '',
    geom     geometry(MultiLineString,4326),
    primary key (dataset, id),
    foreign key (dataset) references dataset(id) on delete cascade
);

create table address (
    dataset  bigint not null,
    id       bigint not null,
    street   text not null,
    house    text not null,
    geom     geometry(Point,4326) not null,
    primary key (dataset, id),
    foreign key (dataset) references dataset(id) on delete cascade
);
create index address_geom on address using gist (geom);

create table place (
    dataset  bigint not null,
    id       bigint not null,
    kind     text not null,
    name     text not null,
    names    jsonb not null default '{}',
    aliases  text[] not null default '{}',
    geom     geometry(Point,4326) not null,
    primary key (dataset, id),
    foreign key (dataset) references dataset(id) on delete cascade
);

create table road_segment (
    dataset   bigint not null,
    id        bigint not null,
    a         bigint not null,
    b         bigint not null,
    forward   real not null,
    backward  real not null,
    name      text not null default '',
    geom      geometry(LineString,4326) not null,
    primary key (dataset, id),
    foreign key (dataset) references dataset(id) on delete cascade
);

create table road_restriction (
    dataset  bigint not null,
    from_id  bigint not null,
    via      bigint not null,
    to_id    bigint not null,
    only_to  boolean not null,
    foreign key (dataset) references dataset(id) on delete cascade
);
create index road_restriction_dataset on road_restriction (dataset);

create table base_feature (
    dataset    bigint not null,
    authority  text not null,
    layer      text not null,
    class      text not null default '',
    name       text not null default '',
    names      jsonb not null default '{}',
    min_zoom   int not null default 0,
    geom       geometry(Geometry,4326) not null,
    foreign key (dataset) references dataset(id) on delete cascade,
    foreign key (authority) references authority(code)
);
create index base_feature_dataset on base_feature (dataset);
create index base_feature_geom on base_feature using gist (geom);

create table crew (
    id             uuid not null,
    authority      text not null,
    version        int not null default 1,
    code           text not null,
    name           text not null,
    kind           text not null default 'crew',
    departments    text[] not null,
    skills         text[] not null default '{}',
    district       text not null default '',
    vehicle        text not null default '',
    on_until       timestamptz,
    on_break       boolean not null default false,
    retired        boolean not null default false,
    break_until    timestamptz,
    standby_until  timestamptz,
    shift          uuid,
    primary key (id),
    unique (authority, code),
    check (kind = any (array['crew', 'patrol', 'volunteer', 'contractor'])),
    foreign key (authority) references authority(code),
    foreign key (shift) references shift(id)
);
create index crew_shift on crew (shift) where (shift is not null);

create table crew_position (
    crew         uuid not null,
    authority    text not null,
    geom         geometry(Point,4326) not null,
    heading      double precision,
    speed        double precision,
    accuracy     double precision,
    at           timestamptz not null,
    received_at  timestamptz not null default now(),
    primary key (crew),
    foreign key (crew) references crew(id),
    foreign key (authority) references authority(code)
);
create index crew_position_received on crew_position (received_at);

create table track (
    crew         uuid not null,
    at           timestamptz not null,
    geom         geometry(Point,4326) not null,
    heading      double precision,
    speed        double precision,
    accuracy     double precision,
    received_at  timestamptz not null default now(),
    primary key (crew, at)
) partition by range (at);
create table track_other partition of track default;

create table counter (
    authority  text not null,
    noun       text not null,
    year       int not null,
    last       bigint not null,
    primary key (authority, noun, year),
    foreign key (authority) references authority(code)
);

create table incident (
    id              uuid not null,
    authority       text not null,
    number          text not null,
    version         int not null default 1,
    state           text not null,
    category        text not null,
    department      text not null,
    priority        int not null,
    text            text not null,
    geom            geometry(Point,4326),
    precision       text not null,
    score           double precision not null,
    label           text not null,
    told            text not null default '',
    district        text not null default '',
    neighbourhood   text not null default '',
    reports         int not null default 1,
    last_report_at  timestamptz not null,
    withheld        text not null default '',
    into_id         uuid,
    opened_at       timestamptz not null,
    closed_at       timestamptz,
    reopened        int not null default 0,
    primary key (id),
    unique (authority, number),
    check (state = any (array['open', 'closed', 'merged', 'archived'])),
    foreign key (authority) references authority(code),
    foreign key (authority, category) references category(authority, code),
    foreign key (authority, department) references department(authority, code),
    foreign key (into_id) references incident(id)
);
create index incident_geom on incident using gist (geom);
create index incident_open on incident (authority, category) where (state = 'open');
create index incident_open_geom on incident using gist (geom) where (state = 'open');

create table clock (
    incident    uuid not null,
    kind        text not null,
    n           double precision not null,
    unit        text not null,
    started_at  timestamptz not null,
    due_at      timestamptz not null,
    stopped_at  timestamptz,
    pauses      jsonb not null default '[]',
    primary key (incident, kind),
    check (kind = any (array['response', 'resolution'])),
    foreign key (incident) references incident(id)
);

create table report (
    id             uuid not null,
    authority      text not null,
    number         text not null,
    token          text not null,
    channel        text not null,
    category       text not null,
    text           text not null,
    told           text not null default '',
    geom           geometry(Point,4326),
    precision      text not null,
    score          double precision not null,
    label          text not null,
    district       text not null default '',
    neighbourhood  text not null default '',
    contact        jsonb,
    phone          text,
    answers        jsonb not null default '{}',
    incident       uuid not null,
    merge          jsonb not null,
    filed_by       jsonb not null,
    filed_at       timestamptz not null,
    idempotency    text,
    body_hash      bytea,
    primary key (id),
    unique (authority, number),
    unique (token),
    foreign key (authority) references authority(code),
    foreign key (incident) references incident(id)
);
create unique index report_idempotency on report (authority, idempotency) where (idempotency is not null);
create index report_incident on report (incident);
create index report_phone on report (authority, phone) where (phone is not null);

create table job (
    id              uuid not null,
    authority       text not null,
    number          text not null,
    version         int not null default 1,
    state           text not null,
    incident        uuid not null,
    crew            uuid,
    department      text not null,
    reason          text not null default '',
    note            text not null default '',
    paused_from     text not null default '',
    created_at      timestamptz not null,
    assigned_at     timestamptz,
    arrived_at      timestamptz,
    ended_at        timestamptz,
    record          jsonb not null default '{}',
    record_missing  text[] not null default '{}',
    linked          uuid,
    contested       boolean not null default false,
    former          uuid[] not null default '{}'::uuid[],
    reopened_at     int not null default 0,
    primary key (id),
    unique (authority, number),
    check (state = any (array['planned', 'assigned', 'accepted', 'departed', 'arrived', 'paused', 'done', 'cancelled'])),
    foreign key (authority) references authority(code),
    foreign key (authority, department) references department(authority, code),
    foreign key (incident) references incident(id),
    foreign key (crew) references crew(id),
    foreign key (linked) references job(id)
);
create index job_crew on job (crew, assigned_at) where (crew is not null);
create index job_incident on job (incident);
create index job_live on job (authority, crew) where (state <> all (array['done', 'cancelled']));

create table personal_view (
    at         timestamptz not null default now(),
    authority  text not null,
    actor      jsonb not null,
    report     uuid not null,
    foreign key (authority) references authority(code),
    foreign key (report) references report(id)
);

create table feed_head (
    authority  text not null,
    log        uuid not null default gen_random_uuid(),
    seq        bigint not null default 0,
    trimmed    bigint not null default 0,
    primary key (authority),
    foreign key (authority) references authority(code)
);

create table event (
    authority  text not null,
    seq        bigint not null,
    at         timestamptz not null,
    type       text not null,
    noun       text not null,
    object     uuid not null,
    incident   uuid,
    by         json not null,
    scope      json not null,
    was        json,
    gone       boolean not null default false,
    note       json,
    body       json,
    primary key (authority, seq)
);
create index event_crew on event (authority, object, seq) where (noun = 'crew');
create index event_incident on event (incident, seq) where (incident is not null);

create table hand (
    incident  uuid not null,
    client    uuid not null,
    actor     uuid not null,
    name      text not null,
    role      text not null,
    doing     text not null,
    since     timestamptz not null,
    seen_at   timestamptz not null,
    primary key (incident, client),
    check (doing = any (array['reading', 'writing'])),
    foreign key (incident) references incident(id) on delete cascade
);

create table device (
    id             uuid not null,
    authority      text not null,
    crew           uuid not null,
    app_user       uuid,
    name           text not null default '',
    app            text not null default '',
    secret         bytea,
    created_at     timestamptz not null,
    seen_at        timestamptz not null,
    skew_ms        bigint not null default 0,
    signed_out_at  timestamptz,
    revoked_at     timestamptz,
    wiped_at       timestamptz,
    primary key (id),
    unique (secret),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id),
    foreign key (app_user) references app_user(id)
);
create index device_crew on device (crew);

create table op (
    authority     text not null,
    id            uuid not null,
    n             bigint generated always as identity,
    device        uuid not null,
    crew          uuid not null,
    kind          text not null,
    job           uuid,
    base_version  int not null,
    performed_at  timestamptz not null,
    at            timestamptz not null,
    received_at   timestamptz not null,
    data          jsonb not null,
    hash          bytea not null,
    status        text not null,
    reason        text not null default '',
    field         text not null default '',
    by            jsonb not null,
    primary key (authority, id),
    check (status = any (array['applied', 'merged', 'kept', 'refused'])),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id)
);
create index op_device on op (device, n);
create index op_job on op (job, n) where (job is not null);

create table conflict (
    id          uuid not null,
    authority   text not null,
    version     int not null default 1,
    kind        text not null,
    status      text not null,
    job         uuid not null,
    crew        uuid not null,
    about       jsonb not null,
    op          jsonb not null,
    other       jsonb not null,
    opened_at   timestamptz not null,
    settled_at  timestamptz,
    settled_by  jsonb,
    choice      text not null default '',
    note        text not null default '',
    primary key (id),
    foreign key (authority) references authority(code),
    foreign key (job) references job(id),
    foreign key (crew) references crew(id)
);
create index conflict_job on conflict (job);
create index conflict_open on conflict (authority, opened_at) where (settled_at is null);

create table message (
    id           uuid not null,
    authority    text not null,
    version      int not null default 1,
    crew         uuid not null,
    kind         text not null,
    text         text not null default '',
    job          uuid,
    number       text not null default '',
    sender       jsonb not null,
    at           timestamptz not null,
    read_at      timestamptz,
    departments  text[] not null,
    district     text not null,
    primary key (id),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id),
    foreign key (job) references job(id)
);
create index message_crew on message (crew, at);
create index message_recent on message (authority, at);

create table photo (
    authority    text not null,
    sha256       bytea not null,
    bytes        bigint not null,
    mime         text not null,
    width        int not null,
    height       int not null,
    taken_at     timestamptz,
    taken        geometry(Point,4326),
    uploaded_by  uuid not null,
    crew         uuid,
    device       uuid,
    at           timestamptz not null,
    state        text not null default 'stored',
    primary key (authority, sha256),
    check (octet_length(sha256) = 32),
    check (mime = any (array['image/jpeg', 'image/png', 'image/webp', 'image/heic'])),
    check (state = any (array['stored', 'unreadable'])),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id)
);
create index photo_taken on photo (at) where (taken is not null);

create table job_photo (
    job        uuid not null,
    sha256     bytea not null,
    kind       text not null,
    authority  text not null,
    at         timestamptz not null,
    primary key (job, sha256, kind),
    check (octet_length(sha256) = 32),
    check (kind = any (array['before', 'after', 'other', 'signature'])),
    foreign key (job) references job(id),
    foreign key (authority) references authority(code)
);
create index job_photo_named on job_photo (authority, sha256);

create table tracker (
    id          uuid not null,
    authority   text not null,
    crew        uuid not null,
    protocol    text not null,
    name        text not null,
    device      text not null,
    hash        bytea not null,
    created_at  timestamptz not null,
    revoked_at  timestamptz,
    primary key (id),
    unique (hash),
    check (protocol = any (array['osmand', 'owntracks'])),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id)
);
create index tracker_authority on tracker (authority, created_at);

create table tracker_count (
    tracker  uuid not null,
    verdict  text not null,
    fixes    bigint not null,
    last_at  timestamptz not null,
    primary key (tracker, verdict),
    foreign key (tracker) references tracker(id)
);

create table shift (
    id         uuid not null,
    authority  text not null,
    version    int not null default 1,
    crew       uuid not null,
    state      text not null,
    starts_at  timestamptz not null,
    ends_at    timestamptz not null,
    members    jsonb not null default '[]',
    vehicle    text not null default '',
    skills     text[] not null default '{}',
    note       text not null default '',
    primary key (id),
    check (state = any (array['on', 'standby'])),
    check (ends_at > starts_at),
    foreign key (authority) references authority(code),
    foreign key (crew) references crew(id),
    EXCLUDE using gist (crew WITH =, tstzrange(starts_at, ends_at) WITH &&)
);
create index shift_starts on shift (authority, starts_at);

create table plan (
    crew       uuid not null,
    authority  text not null,
    version    int not null default 0,
    body       jsonb not null default '{}',
    before     jsonb not null default '[]',
    basis      text not null default '',
    again_at   timestamptz,
    live       boolean not null default false,
    primary key (crew),
    foreign key (crew) references crew(id),
    foreign key (authority) references authority(code)
);
create index plan_live on plan (authority) where live;

create table closure (
    id         uuid not null,
    authority  text not null,
    version    int not null default 1,
    geom       geometry(MultiLineString,4326) not null,
    reason     text not null,
    starts_at  timestamptz not null,
    ends_at    timestamptz,
    made_by    jsonb not null,
    made_at    timestamptz not null,
    lifted_at  timestamptz,
    primary key (id),
    check (ends_at > starts_at),
    foreign key (authority) references authority(code)
);
create index closure_open on closure (authority, starts_at) where (lifted_at is null);

create view past as
 SELECT r.authority,
    r.id,
    r.incident,
    r.channel,
    r.filed_at,
        CASE
            WHEN i.reports > 1 THEN ( SELECT min(s.filed_at) AS min
               FROM report s
              where s.incident = r.incident)
            ELSE r.filed_at
        END AS first_at,
        CASE
            WHEN i."precision" = any (array['pin', 'house', 'interpolated', 'intersection', 'place']) THEN st_x(i.geom)
            ELSE NULL::double precision
        END AS lon,
        CASE
            WHEN i."precision" = any (array['pin', 'house', 'interpolated', 'intersection', 'place']) THEN st_y(i.geom)
            ELSE NULL::double precision
        END AS lat,
    i.category,
    i.department,
    i.district,
    i.neighbourhood,
    i.closed_at,
    i.reopened,
    a.stopped_at AS responded_at,
    a.due_at AS response_due_at,
    k.due_at,
        CASE
            WHEN i.closed_at is null and (k.pauses #>> '{-1,until}') is null THEN (k.pauses #>> '{-1,from}')::timestamptz
            ELSE NULL::timestamptz
        END AS paused_at
   FROM report r
     JOIN incident i on i.id = r.incident
     LEFT JOIN clock a on a.incident = i.id and a.kind = 'response'
     LEFT JOIN clock k on k.incident = i.id and k.kind = 'resolution';

create table mailing (
    id          uuid not null,
    authority   text not null,
    owner       uuid not null,
    address     text not null,
    every       text not null,
    day         int not null,
    hour        int not null,
    district    text not null default '',
    department  text not null default '',
    lang        text not null,
    format      text not null,
    due_at      timestamptz not null,
    try_at      timestamptz not null,
    tries       int not null default 0,
    sent_at     timestamptz,
    failed      text not null default '',
    created_at  timestamptz not null,
    primary key (id),
    check (every = any (array['week', 'month'])),
    check (
CASE every
    WHEN 'week' THEN day >= 0 and day <= 6
    ELSE day >= 1 and day <= 28
END),
    check (hour >= 0 and hour <= 23),
    check (format = any (array['pdf', 'xlsx', 'csv'])),
    foreign key (authority) references authority(code),
    foreign key (owner) references app_user(id) on delete cascade
);
create index mailing_owner on mailing (owner);
create index mailing_try_at on mailing (try_at);

create table standard (
    authority   text not null,
    category    text not null,
    version     int not null,
    response    jsonb not null,
    resolution  jsonb not null,
    from_at     timestamptz not null,
    by          jsonb not null default '{}',
    primary key (authority, category, version),
    foreign key (authority, category) references category(authority, code)
);
