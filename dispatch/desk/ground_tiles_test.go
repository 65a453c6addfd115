package desk

import (
	"fmt"
	"testing"
)

func TestTilesAreBounded(t *testing.T) {
	t.Parallel()
	held := &tiles{made: map[string][]byte{}}
	tile := make([]byte, 1<<20)
	for i := range 100 {
		held.put(fmt.Sprint(i), tile)
		held.put(fmt.Sprint(i), tile)
	}
	sum := 0
	for _, tile := range held.made {
		sum += len(tile) + tileCost
	}
	if sum != held.bytes || sum > tileRoom || len(held.made) != len(held.order) || len(held.made) < 30 {
		t.Fatalf("%d tiles of %d bytes, counted %d", len(held.made), sum, held.bytes)
	}
	if _, ok := held.get("99"); !ok {
		t.Error("the newest went")
	}
	if _, ok := held.get("0"); ok {
		t.Error("the oldest stayed")
	}
}
