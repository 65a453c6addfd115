//go:build !plantedbugs

package desk

// The desk's rules of the sync that the simulation is shown to need: built with
// the tag plantedbugs, each can be turned off.
const (
	ruleOnce      = true // an id that is known changes nothing
	ruleBody      = true // another body under a known id is refused
	ruleStored    = true // what is kept or refused is stored too
	ruleOrder     = true // a device's operations are taken in their order
	ruleContest   = true // what a person should look at is a conflict
	ruleStandDown = true // who is stood down is told
	ruleDurable   = true // what has a result is committed
	ruleJob       = true // an entry goes to its own job
)
