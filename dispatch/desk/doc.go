// Package desk holds the use cases: one exported method is one transaction,
// with its SQL beside it. What is decided is decided in package dispatch; the
// desk reads what a decision needs, writes what it says, and appends the
// events that tell of it as the transaction's last statement.
//
// Locks are taken in this order, which every transaction keeps: intake's
// advisory lock of the authority; incidents by id; jobs by id; crews by id;
// counters; and last the head of the authority's feed. Within one kind the
// order is that of the ids.
//
// Every use case takes the actor and answers only for its authority and
// scope: an object out of scope is not found, a step out of the role's reach
// is forbidden. Refusals are *dispatch.Error values; any other error is the
// machine's.
package desk
