// Package history holds every report of the past as flat columns in memory and
// answers how promises were kept by scanning them.
//
// What is counted. A report is counted where its incident is, under the
// incident's category and department as they are now, and is judged by the
// incident's clocks. Those hold the standard that was in force when they were
// started, and their pauses. For a period [from, to), read at an instant now:
//
//   - received: the reports filed in the period.
//   - judged: of those, the ones whose promise to resolve is decided: closed, or
//     open and past due. late: judged, and closed after the promised time or still
//     open past it. A paused clock stands where it was paused. late fraction:
//     late over judged.
//   - reopened: of the received, those whose incident was closed and opened again.
//   - respond: of the received that have been responded to, the time from filing
//     to the first arrival, or to the closing without one. respond late: of the
//     received with a promise to respond, those responded to after the promised
//     time, or not yet and past it.
//   - closed: the reports whose incident was closed in the period and is closed
//     now. resolve: the time from filing to that closing, of those. A report that
//     joined an incident which was closed by then took no time.
//   - open, overdue, oldest: the reports filed before the end of the period (or
//     now, if that is earlier) and not closed by then; of those, the ones past
//     their promised time; and when the oldest was filed.
//
// Times to resolve and to respond are of the calendar, pauses included: what the
// resident waited. Their median and 90th percentile are of the nearest rank, as
// PostgreSQL's percentile_disc.
//
// Who owns what. A past is one authority's columns, changed only by the
// goroutine of Run, under its lock; readers hold the lock for reading while they
// scan. Each past knows the sequence number of the authority's log up to which
// it holds everything, and is brought on by reading anew the reports of the
// incidents that the log names: the row of a report is always what the view past
// says.
package history
