-- +goose Up
create extension if not exists postgis;
create extension if not exists pg_trgm;

-- The tenant. Every other row belongs to one.
create table authority (
    code        text primary key check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
    names       jsonb not null,
    time_zone   text not null default 'Asia/Jerusalem',
    -- The working week, and days that differ from the calendar in the program.
    calendar    jsonb not null default '{}',
    created_at  timestamptz not null default now()
);

create table department (
    authority   text not null references authority,
    code        text not null,
    names       jsonb not null,
    icon        text not null default '',
    phone       text not null default '',
    position    int not null default 0,
    primary key (authority, code)
);

-- A category as dispatch.Category has it. What is decided on has columns;
-- what is only carried is in detail.
create table category (
    authority   text not null,
    code        text not null,
    department  text not null,
    domain      text not null,
    names       jsonb not null,
    priority    int not null check (priority between 1 and 5),
    sensitive   boolean not null default false,
    retired     boolean not null default false,
    detail      jsonb not null default '{}',
    position    int not null default 0,
    version     int not null default 1,
    primary key (authority, code),
    foreign key (authority, department) references department
);

create table app_user (
    id          uuid primary key,
    authority   text not null references authority,
    login       text not null,
    name        text not null,
    role        text not null,
    district    text not null default '',
    department  text not null default '',
    crew        uuid,
    lang        text not null default 'he',
    password    text not null,
    disabled_at timestamptz,
    created_at  timestamptz not null default now(),
    unique (login)
);

-- Sessions of people. Only the hash of the cookie's secret is kept.
create table session (
    hash        bytea primary key,
    data        bytea not null,
    expires_at  timestamptz not null
);
create index session_expires_at on session (expires_at);

-- Tokens of programs. Only the SHA-256 of the secret is kept.
create table token (
    id          uuid primary key,
    authority   text not null references authority,
    hash        bytea not null unique,
    name        text not null default '',
    role        text not null,
    district    text not null default '',
    department  text not null default '',
    crew        uuid,
    created_at  timestamptz not null default now(),
    used_at     timestamptz,
    revoked_at  timestamptz
);

-- +goose Down
drop table token, session, app_user, category, department, authority;
