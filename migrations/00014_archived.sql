-- +goose Up

-- An incident that another system never closed, brought here with its history.
alter table incident drop constraint incident_state_check;
alter table incident add constraint incident_state_check check (state in ('open', 'closed', 'merged', 'archived'));

-- +goose Down
alter table incident drop constraint incident_state_check;
alter table incident add constraint incident_state_check check (state in ('open', 'closed', 'merged'));
