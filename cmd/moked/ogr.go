package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// foreignFormats are the endings of files that ogr2ogr (GDAL) reads for us.
var foreignFormats = []string{".shp", ".gpkg", ".gdb", ".kml", ".tab", ".mif", ".fgb", ".zip"}

// A file of whatever name may be one that tells ogr2ogr to read others, here or
// elsewhere on the network: the readers of such files are left out.
var tamed = []string{"GDAL_SKIP=OGR_VRT VRT HTTP WFS OAPIF CSW GMLAS", "CPL_VSIL_CURL_ALLOWED_EXTENSIONS={none}"}

// asGeoJSON returns a GeoJSON file in WGS84 with the layer's content, and a
// function that removes what was made. A file of a foreign format is converted
// by ogr2ogr; its coordinates are of the given system, or when srid is 0 of the
// one that the file itself names. converted is false for other files, which are
// returned as they are.
func asGeoJSON(ctx context.Context, file, layer, encoding string, srid int) (path string, converted bool, remove func(), err error) {
	remove = func() {}
	ext := strings.ToLower(filepath.Ext(file))
	if !slices.Contains(foreignFormats, ext) {
		return file, false, remove, nil
	}
	if _, err := os.Stat(file); err != nil {
		return "", false, remove, err
	}
	tool, err := exec.LookPath("ogr2ogr")
	if err != nil {
		return "", false, remove, fmt.Errorf("%s files are read by ogr2ogr, which is not installed; install it with: apt-get install gdal-bin", ext)
	}
	dir, err := os.MkdirTemp("", "moked-import-")
	if err != nil {
		return "", false, remove, err
	}
	remove = func() { os.RemoveAll(dir) }
	path = filepath.Join(dir, "layer.geojson")
	source, err := filepath.Abs(file)
	if err != nil {
		return "", false, remove, err
	}
	if ext == ".zip" {
		source = "/vsizip/" + source
	}
	args := []string{"-f", "GeoJSON", "-t_srs", "EPSG:4326", "-dim", "XY", "-lco", "COORDINATE_PRECISION=9"}
	if srid != 0 {
		args = append(args, "-s_srs", fmt.Sprintf("EPSG:%d", srid))
	}
	args = append(args, path, source)
	if layer != "" {
		args = append(args, layer)
	}
	cmd := exec.CommandContext(ctx, tool, args...)
	cmd.Env = append(os.Environ(), tamed...)
	if encoding != "" {
		cmd.Env = append(cmd.Env, "SHAPE_ENCODING="+encoding)
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Run(); err != nil {
		remove()
		if ctx.Err() != nil {
			return "", false, func() {}, ctx.Err()
		}
		return "", false, func() {}, errors.New("ogr2ogr cannot read " + file + ": " + firstLines(said.String(), 3))
	}
	return path, true, remove, nil
}

func firstLines(s string, n int) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(lines[:min(n, len(lines))], "; ")
}
