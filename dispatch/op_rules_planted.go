//go:build plantedbugs

package dispatch

import "maps"

// The rules of the sync as variables, for tests that turn one off and show
// that this is noticed.
var (
	ruleEpoch     = true
	ruleFormer    = true
	ruleMonotone  = true
	ruleLatest    = true
	ruleAttach    = true
	ruleSum       = true
	ruleFirst     = true
	ruleCancelled = true
)

// Rules are the rules by name, to be turned off.
func Rules() map[string]*bool {
	return maps.Clone(map[string]*bool{
		"epoch": &ruleEpoch, "former": &ruleFormer, "monotone": &ruleMonotone, "latest": &ruleLatest,
		"attach": &ruleAttach, "sum": &ruleSum, "first": &ruleFirst, "cancelled": &ruleCancelled,
	})
}
