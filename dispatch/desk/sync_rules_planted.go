//go:build plantedbugs

package desk

import (
	"maps"

	"moked/dispatch"
)

// The desk's rules of the sync as variables, for tests that turn one off and
// show that this is noticed.
var (
	ruleOnce      = true
	ruleBody      = true
	ruleStored    = true
	ruleOrder     = true
	ruleContest   = true
	ruleStandDown = true
	ruleDurable   = true
	ruleJob       = true
)

// rules are all rules by name, to be turned off.
func rules() map[string]*bool {
	all := dispatch.Rules()
	maps.Copy(all, map[string]*bool{
		"once": &ruleOnce, "body": &ruleBody, "stored": &ruleStored, "order": &ruleOrder, "contest": &ruleContest,
		"stand down": &ruleStandDown, "durable": &ruleDurable, "job": &ruleJob,
	})
	return all
}
