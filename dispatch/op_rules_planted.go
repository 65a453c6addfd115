//go:build plantedbugs

package dispatch

// The rules of the sync as variables, for tests that turn one off and show
// that this is noticed.
var (
	ruleEpoch    = true
	ruleFormer   = true
	ruleMonotone = true
	ruleLatest   = true
)

// PlantBug turns a rule off until restore is called.
func PlantBug(rule string) (restore func()) {
	r := map[string]*bool{"epoch": &ruleEpoch, "former": &ruleFormer, "monotone": &ruleMonotone, "latest": &ruleLatest}[rule]
	*r = false
	return func() { *r = true }
}
