//go:build !plantedbugs

package dispatch

// The rules of the sync that the simulation is shown to need: built with the
// tag plantedbugs, each can be turned off.
const (
	ruleEpoch     = true // what was done before the job was begun anew doesn't close it again
	ruleFormer    = true // a crew that did what was taken from it closes it
	ruleMonotone  = true // progress only grows
	ruleLatest    = true // of a pause and its end, or of two ticks, the later one counts
	ruleAttach    = true // what is written down is kept, whoever has the job by now
	ruleSum       = true // materials add up
	ruleFirst     = true // the first closure stands
	ruleCancelled = true // a cancelled job stays so until a person says otherwise
)
