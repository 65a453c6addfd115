-- +goose Up

-- What a crew had in hand on a day.
create index job_crew on job (crew, assigned_at) where crew is not null;

-- +goose Down
drop index job_crew;
