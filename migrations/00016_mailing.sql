-- +goose Up

-- A review that goes to an address, again and again. Due is when the next one is
-- for; it is tried at, or after, try_at, which a sender moves ahead before it
-- sends, so that one that dies is followed by another later and two never send
-- at once.
create table mailing (
    id          uuid primary key,
    authority   text not null references authority,
    owner       uuid not null references app_user on delete cascade,
    address     text not null,
    every       text not null check (every in ('week', 'month')),
    day         int not null,
    hour        int not null check (hour between 0 and 23),
    district    text not null default '',
    department  text not null default '',
    lang        text not null,
    format      text not null check (format in ('pdf', 'xlsx', 'csv')),
    due_at      timestamptz not null,
    try_at      timestamptz not null,
    tries       int not null default 0,
    sent_at     timestamptz,
    failed      text not null default '',
    created_at  timestamptz not null,
    check (case every when 'week' then day between 0 and 6 else day between 1 and 28 end)
);
create index mailing_try_at on mailing (try_at);
create index mailing_owner on mailing (owner);

-- +goose Down
drop table mailing;
