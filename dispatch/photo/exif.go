package photo

import (
	"bytes"
	"math"
	"strings"
	"time"

	"github.com/bep/imagemeta"
)

// readEXIF reads a block of EXIF: how the picture is to be turned, and into
// the info when and where it was taken. What can't be read is passed over: a
// photo is worth more than its metadata.
func (i *Info) readEXIF(block []byte) (t turn) {
	tags := map[string]any{}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(block), ImageFormat: imagemeta.TIFF, Sources: imagemeta.EXIF,
		LimitNumTags: 1000, LimitTagSize: 1000,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return strings.HasPrefix(tag.Namespace, "IFD0") && wanted[tag.Tag]
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if _, known := tags[tag.Tag]; !known {
				tags[tag.Tag] = tag.Value
			}
			return nil
		},
	})
	switch v := tags["Orientation"].(type) {
	case uint16:
		t = ofEXIF(int(v))
	case uint32:
		t = ofEXIF(int(min(v, 9)))
	}
	i.TakenAt = takenAt(tags)
	lat, okLat := tags["GPSLatitude"].(float64)
	lon, okLon := tags["GPSLongitude"].(float64)
	if !okLat || !okLon || math.IsNaN(lat) || math.IsNaN(lon) || math.Abs(lat) > 90 || math.Abs(lon) > 180 || lat == 0 && lon == 0 {
		return t
	}
	if said(tags, "GPSLatitudeRef") == "S" {
		lat = -math.Abs(lat)
	}
	if said(tags, "GPSLongitudeRef") == "W" {
		lon = -math.Abs(lon)
	}
	i.Lat, i.Lon = &lat, &lon
	return t
}

// wanted are the tags that are read.
var wanted = map[string]bool{
	"Orientation": true, "DateTimeOriginal": true, "OffsetTimeOriginal": true, "OffsetTime": true,
	"GPSLatitude": true, "GPSLatitudeRef": true, "GPSLongitude": true, "GPSLongitudeRef": true,
	"GPSDateStamp": true, "GPSTimeStamp": true,
}

func said(tags map[string]any, name string) string {
	s, _ := tags[name].(string)
	return strings.TrimSpace(strings.TrimRight(s, "\x00"))
}

// takenAt is when a photo was taken: the camera's time where it names its
// zone, or else that of the satellites.
func takenAt(tags map[string]any) *time.Time {
	zone := said(tags, "OffsetTimeOriginal")
	if zone == "" {
		zone = said(tags, "OffsetTime")
	}
	for _, try := range [][2]string{
		{"2006:01:02 15:04:05-07:00", said(tags, "DateTimeOriginal") + zone},
		{"2006:01:02 15:04:05", said(tags, "GPSDateStamp") + " " + said(tags, "GPSTimeStamp")},
	} {
		if t, err := time.Parse(try[0], try[1]); err == nil && t.Year() >= 1990 && t.Year() < 2200 {
			t = t.UTC()
			return &t
		}
	}
	return nil
}
