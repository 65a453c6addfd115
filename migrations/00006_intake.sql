-- +goose Up

-- What is filed together in one transaction isn't checked row by row against
-- itself: nine look-ups and row locks for each report took as long as all of
-- its inserts. The desk writes these columns, and nobody deletes the rows that
-- they point to; its tests look for rows that point nowhere.
alter table incident
    drop constraint incident_authority_fkey,
    drop constraint incident_authority_category_fkey,
    drop constraint incident_authority_department_fkey;
alter table clock drop constraint clock_incident_fkey;
alter table report
    drop constraint report_authority_fkey,
    drop constraint report_incident_fkey;
alter table job
    drop constraint job_authority_fkey,
    drop constraint job_incident_fkey,
    drop constraint job_authority_department_fkey;

-- +goose Down
alter table incident
    add foreign key (authority) references authority,
    add foreign key (authority, category) references category,
    add foreign key (authority, department) references department;
alter table clock add foreign key (incident) references incident;
alter table report
    add foreign key (authority) references authority,
    add foreign key (incident) references incident;
alter table job
    add foreign key (authority) references authority,
    add foreign key (incident) references incident,
    add foreign key (authority, department) references department;
