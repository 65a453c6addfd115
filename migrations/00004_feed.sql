-- +goose Up

-- One row an authority. The transaction that appends events takes it last and
-- holds it to its commit, so sequence order is commit order, without holes.
-- log names the log itself: a restored log gets another, and readers resync.
create table feed_head (
    authority   text primary key references authority,
    log         uuid not null default gen_random_uuid(),
    seq         bigint not null default 0,
    -- Events up to here were removed by retention.
    trimmed     bigint not null default 0
);

create table event (
    authority   text not null,
    seq         bigint not null,
    at          timestamptz not null,
    type        text not null,
    noun        text not null,
    object      uuid not null,
    incident    uuid,
    by          json not null,
    scope       json not null,
    was         json,
    gone        boolean not null default false,
    note        json,
    body        json,
    primary key (authority, seq)
);
create index event_incident on event (incident, seq) where incident is not null;

-- +goose Down
drop table event, feed_head;
