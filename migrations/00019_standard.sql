-- +goose Up

-- The versions of the charter: what a category's standards were from an instant
-- on, until the next version. A category whose standards were never changed has
-- none: the category itself says them.
create table standard (
    authority   text not null,
    category    text not null,
    version     int not null,
    response    jsonb not null,
    resolution  jsonb not null,
    from_at     timestamptz not null,
    by          jsonb not null default '{}',
    primary key (authority, category, version),
    foreign key (authority, category) references category
);

-- +goose Down
drop table standard;
