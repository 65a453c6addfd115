-- +goose Up

-- One import of one kind of thing from one source. The rows of a kind that are
-- in force are those of its datasets with no valid_to; an import writes a new
-- dataset and dates the one of the same authority, kind and source.
create table dataset (
    id          bigint generated always as identity primary key,
    authority   text not null references authority,
    kind        text not null check (kind in ('boundary', 'district', 'neighbourhood', 'zone', 'street', 'address', 'place', 'road', 'base')),
    source      text not null,
    file        text not null default '',
    summary     jsonb not null default '{}',
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz
);
create unique index dataset_in_force on dataset (authority, kind, source) where valid_to is null;

create table area (
    id          uuid primary key,
    dataset     bigint not null references dataset on delete cascade,
    authority   text not null references authority,
    level       text not null check (level in ('boundary', 'district', 'neighbourhood')),
    code        text not null,
    name        text not null,
    names       jsonb not null default '{}',
    parent      uuid references area,
    population  int,
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz,
    geom        geometry(MultiPolygon, 4326) not null
);
create unique index area_in_force on area (authority, level, code) where valid_to is null;
create index area_geom on area using gist (geom);
create index area_dataset on area (dataset);

create table zone (
    id          uuid primary key,
    dataset     bigint not null references dataset on delete cascade,
    authority   text not null references authority,
    department  text not null,
    code        text not null,
    name        text not null,
    names       jsonb not null default '{}',
    valid_from  timestamptz not null default now(),
    valid_to    timestamptz,
    geom        geometry(MultiPolygon, 4326) not null,
    foreign key (authority, department) references department
);
create unique index zone_in_force on zone (authority, department, code) where valid_to is null;
create index zone_geom on zone using gist (geom);
create index zone_dataset on zone (dataset);

create table street (
    dataset     bigint not null references dataset on delete cascade,
    id          bigint not null,
    code        text not null default '',
    name        text not null,
    names       jsonb not null default '{}',
    aliases     text[] not null default '{}',
    class       text not null default '',
    geom        geometry(MultiLineString, 4326),
    primary key (dataset, id)
);

-- An address names its street as its source writes it; the street is found by
-- the normalised name when the gazetteer is built.
create table address (
    dataset     bigint not null references dataset on delete cascade,
    id          bigint not null,
    street      text not null,
    house       text not null,
    geom        geometry(Point, 4326) not null,
    primary key (dataset, id)
);
create index address_geom on address using gist (geom);

create table place (
    dataset     bigint not null references dataset on delete cascade,
    id          bigint not null,
    kind        text not null,
    name        text not null,
    names       jsonb not null default '{}',
    aliases     text[] not null default '{}',
    geom        geometry(Point, 4326) not null,
    primary key (dataset, id)
);

-- roads.Segment: forward and backward are seconds, 0 where the way is closed.
create table road_segment (
    dataset     bigint not null references dataset on delete cascade,
    id          bigint not null,
    a           bigint not null,
    b           bigint not null,
    forward     real not null,
    backward    real not null,
    name        text not null default '',
    geom        geometry(LineString, 4326) not null,
    primary key (dataset, id)
);

create table road_restriction (
    dataset     bigint not null references dataset on delete cascade,
    from_id     bigint not null,
    via         bigint not null,
    to_id       bigint not null,
    only_to     boolean not null
);
create index road_restriction_dataset on road_restriction (dataset);

-- What the base map draws. Geometries are drawn from zoom min_zoom on.
create table base_feature (
    dataset     bigint not null references dataset on delete cascade,
    authority   text not null references authority,
    layer       text not null,
    class       text not null default '',
    name        text not null default '',
    names       jsonb not null default '{}',
    min_zoom    int not null default 0,
    geom        geometry(Geometry, 4326) not null
);
create index base_feature_geom on base_feature using gist (geom);
create index base_feature_dataset on base_feature (dataset);

-- +goose Down
drop table base_feature, road_restriction, road_segment, place, address, street, zone, area, dataset;
