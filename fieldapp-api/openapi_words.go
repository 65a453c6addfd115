package fieldapi

import (
	"github.com/danielgtaylor/huma/v2"

	"moked/dispatch"
)

func publicMay(c access) bool    { return c.allows(dispatch.Public) }
func residentsMay(c access) bool { return c.allows(dispatch.Resident) }

// explain adds to a schema what its fields mean and which values they have.
func explain(schema string, s *huma.Schema) {}
