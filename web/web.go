// Package web embeds the built screens: dist/ as `npm run build` leaves it.
package web

import "embed"

// Dist holds the built files under "dist/". Without a build it holds only
// dist/.keep, so the program compiles on a machine that has no Node.
//
//go:embed all:dist
var Dist embed.FS
