-- +goose Up

-- A photo whose bytes are on disk, under their SHA-256. A row is written after
-- the file: what a row says is stored is.
create table photo (
    authority   text not null references authority,
    sha256      bytea not null check (octet_length(sha256) = 32),
    bytes       bigint not null,
    mime        text not null check (mime in ('image/jpeg', 'image/png', 'image/webp', 'image/heic')),
    -- Pixels, of the picture as it is seen.
    width       int not null,
    height      int not null,
    taken_at    timestamptz,
    -- Where it was taken: for a day, until a job names it, and for good where
    -- the category of every such job says so.
    taken       geometry(Point, 4326),
    uploaded_by uuid not null,
    crew        uuid references crew,
    device      uuid,
    at          timestamptz not null,
    -- unreadable: whole, and yet no decoder makes a picture of it.
    state       text not null default 'stored' check (state in ('stored', 'unreadable')),
    primary key (authority, sha256)
);
create index photo_taken on photo (at) where taken is not null;

-- Which job's record names which photo, also one that hasn't come yet.
create table job_photo (
    job         uuid not null references job,
    sha256      bytea not null check (octet_length(sha256) = 32),
    kind        text not null check (kind in ('before', 'after', 'other', 'signature')),
    authority   text not null references authority,
    at          timestamptz not null,
    primary key (job, sha256, kind)
);
create index job_photo_named on job_photo (authority, sha256);

-- +goose Down
drop table job_photo, photo;
