// Package feed is the authorities' event log: Append writes it inside the
// transaction that changes the state, and a Hub reads what was committed and
// hands it to every reader that may see it.
//
// The contract. Each authority has one row, the head of its log; Append takes
// it as the last statement of the transaction and so holds it to the commit.
// Sequence order is therefore commit order, without holes, and authorities
// never wait for each other. One tailer per process reads committed events in
// order and checks that each is the one after the last. It is woken by the
// process's own commits, by a debounced NOTIFY from other processes, and by a
// poll behind both, so that a lost notification costs a second and nothing
// else. There is no leader: processes need only the database in common.
//
// A Reader is a cursor into the authority's window of recent entries, which
// all readers share; nothing is queued per reader. What a reader may see is
// decided at every entry by its actor's scope. A reader whose cursor has left
// the window gets ErrLagged, and comes back with the last seq that it has.
package feed
