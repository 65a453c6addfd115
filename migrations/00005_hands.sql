-- +goose Up

-- Who has an incident open at this moment, and what they do there. It is
-- refreshed while they do, and worth nothing after a crash.
create unlogged table hand (
    incident    uuid not null references incident on delete cascade,
    client      uuid not null,
    actor       uuid not null,
    name        text not null,
    role        text not null,
    doing       text not null check (doing in ('reading', 'writing')),
    since       timestamptz not null,
    seen_at     timestamptz not null,
    primary key (incident, client)
);

-- +goose Down
drop table hand;
