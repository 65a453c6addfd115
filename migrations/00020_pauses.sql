-- +goose Up

-- The few clocks that were ever paused.
create index clock_paused on clock (incident) where pauses <> '[]';

-- +goose Down
drop index clock_paused;
