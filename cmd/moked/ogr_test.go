package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// ogr makes a file of a foreign format.
func ogr(t *testing.T, file string, args ...string) error {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ogr2ogr", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", file, err, out)
	}
	return nil
}

func TestOnlyForeignFormatsAreConverted(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"a.geojson", "a.json", "a", "a.GEOJSON", "a.vrt", "a.csv"} {
		path, converted, _, err := asGeoJSON(t.Context(), file, "", "", 2039)
		if err != nil || converted || path != file {
			t.Errorf("%s: %s, %v, %v", file, path, converted, err)
		}
	}
	_, _, _, err := asGeoJSON(t.Context(), "nothing.shp", "", "", 0)
	if err == nil || !strings.Contains(err.Error(), "nothing.shp") {
		t.Error(err)
	}
}
