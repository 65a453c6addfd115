-- +goose Up

-- A phone or a box that tells where a crew is. hash is the SHA-256 of the
-- secret that it shows; device is what people are shown of it: OwnTracks' user,
-- or the end of the id that is OsmAnd's secret.
create table tracker (
    id          uuid primary key,
    authority   text not null references authority,
    crew        uuid not null references crew,
    protocol    text not null check (protocol in ('osmand', 'owntracks')),
    name        text not null,
    device      text not null,
    hash        bytea not null unique,
    created_at  timestamptz not null,
    revoked_at  timestamptz
);
create index tracker_authority on tracker (authority, created_at);

-- What became of each tracker's fixes, and when that last happened.
create table tracker_count (
    tracker     uuid not null references tracker,
    verdict     text not null,
    fixes       bigint not null,
    last_at     timestamptz not null,
    primary key (tracker, verdict)
) with (fillfactor = 50);

-- When a crew was on duty.
create index event_crew on event (authority, object, seq) where noun = 'crew';

-- +goose Down
drop index event_crew;
drop table tracker_count, tracker;
