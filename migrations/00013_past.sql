-- +goose Up

-- How often a closed incident was opened again.
alter table incident add reopened int not null default 0;
update incident i set reopened = e.n
from (select incident, count(*) as n from event where type = 'incident.reopened' group by incident) e
where e.incident = i.id;

-- What figures know of each report. A report is counted where its incident is,
-- under its category and department, and is judged by its clocks, which hold the
-- standard that was in force when they were started.
create view past as
select r.authority, r.id, r.incident, r.channel, r.filed_at,
    case when i.reports > 1 then (select min(s.filed_at) from report s where s.incident = r.incident) else r.filed_at end as first_at,
    case when i.precision in ('pin', 'house', 'interpolated', 'intersection', 'place') then st_x(i.geom) end as lon,
    case when i.precision in ('pin', 'house', 'interpolated', 'intersection', 'place') then st_y(i.geom) end as lat,
    i.category, i.department, i.district, i.neighbourhood, i.closed_at, i.reopened,
    a.stopped_at as responded_at, a.due_at as response_due_at, k.due_at,
    case when i.closed_at is null and k.pauses #>> '{-1,until}' is null then (k.pauses #>> '{-1,from}')::timestamptz end as paused_at
from report r
join incident i on i.id = r.incident
left join clock a on a.incident = i.id and a.kind = 'response'
left join clock k on k.incident = i.id and k.kind = 'resolution';

-- +goose Down
drop view past;
alter table incident drop reopened;
