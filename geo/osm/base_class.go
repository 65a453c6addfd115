package osm

import "math"

// drawn is how a feature appears on the base map.
type drawn struct {
	layer Layer
	class string
	zoom  int
}

// roadClass maps highway=* to the map's classes and the zoom at which they
// begin to show.
var roadClass = map[string]drawn{
	"motorway": {Road, "motorway", 7}, "motorway_link": {Road, "motorway", 11},
	"trunk": {Road, "trunk", 8}, "trunk_link": {Road, "trunk", 11},
	"primary": {Road, "primary", 10}, "primary_link": {Road, "primary", 12},
	"secondary": {Road, "secondary", 11}, "secondary_link": {Road, "secondary", 13},
	"tertiary": {Road, "tertiary", 12}, "tertiary_link": {Road, "tertiary", 13},
	"unclassified": {Road, "minor", 13}, "residential": {Road, "minor", 13}, "road": {Road, "minor", 13},
	"living_street": {Road, "minor", 13}, "busway": {Road, "service", 14},
	"service": {Road, "service", 14}, "track": {Road, "track", 14},
	"pedestrian": {Road, "pedestrian", 13},
	"footway":    {Road, "path", 15}, "path": {Road, "path", 15}, "cycleway": {Road, "path", 15},
	"steps": {Road, "path", 15}, "bridleway": {Road, "path", 15},
}

// streetClass is a street's class, the same words as on the map.
func streetClass(highway string) string {
	if d, ok := roadClass[highway]; ok {
		return d.class
	}
	return "path"
}

// streetRank orders the classes from the greatest road down.
var streetRank = map[string]int{
	"motorway": 0, "trunk": 1, "primary": 2, "secondary": 3, "tertiary": 4, "minor": 5,
	"pedestrian": 6, "service": 7, "track": 8, "path": 9,
}

var railClass = map[string]drawn{
	"rail": {Rail, "rail", 10}, "narrow_gauge": {Rail, "rail", 11}, "light_rail": {Rail, "tram", 12},
	"tram": {Rail, "tram", 13}, "monorail": {Rail, "tram", 13}, "funicular": {Rail, "tram", 13},
	"subway": {Rail, "subway", 13},
}

var streamClass = map[string]drawn{
	"river": {Water, "river", 9}, "canal": {Water, "canal", 12}, "stream": {Water, "stream", 13},
	"drain": {Water, "stream", 14}, "ditch": {Water, "stream", 15},
}

var labelClass = map[string]drawn{
	"city": {Label, "city", 6}, "town": {Label, "town", 9}, "village": {Label, "village", 11},
	"hamlet": {Label, "village", 12}, "isolated_dwelling": {Label, "village", 13},
	"suburb": {Label, "suburb", 12}, "quarter": {Label, "suburb", 12},
	"neighbourhood": {Label, "neighbourhood", 13}, "square": {Label, "square", 15},
}

// areaClass maps what covers the ground to the map's classes, in the order in
// which the keys are asked.
var areaClass = []struct {
	key     string
	classes map[string]drawn
}{
	{"natural", map[string]drawn{
		"water": {layer: Water, class: "lake"}, "bay": {}, "wood": {layer: Green, class: "forest"},
		"scrub": {layer: Green, class: "scrub"}, "heath": {layer: Green, class: "scrub"},
		"grassland": {layer: Green, class: "grass"}, "wetland": {layer: Green, class: "scrub"},
		"beach": {layer: Land, class: "sand"}, "sand": {layer: Land, class: "sand"}, "dune": {layer: Land, class: "sand"},
		"bare_rock": {layer: Land, class: "rock"}, "scree": {layer: Land, class: "rock"}, "shingle": {layer: Land, class: "rock"},
	}},
	{"waterway", map[string]drawn{
		"riverbank": {layer: Water, class: "river"}, "dock": {layer: Water, class: "basin"},
	}},
	{"leisure", map[string]drawn{
		"park": {layer: Green, class: "park"}, "garden": {layer: Green, class: "garden"},
		"common": {layer: Green, class: "park"}, "dog_park": {layer: Green, class: "park"},
		"pitch": {layer: Green, class: "pitch"}, "golf_course": {layer: Green, class: "grass"},
		"playground": {layer: Green, class: "playground"}, "nature_reserve": {layer: Green, class: "reserve"},
		"stadium": {layer: Green, class: "pitch"}, "sports_centre": {layer: Green, class: "pitch"},
		"track": {layer: Green, class: "pitch"}, "swimming_pool": {layer: Water, class: "pool"},
	}},
	{"landuse", map[string]drawn{
		"residential": {layer: Land, class: "residential"}, "industrial": {layer: Land, class: "industrial"},
		"railway": {layer: Land, class: "industrial"}, "quarry": {layer: Land, class: "rock"},
		"landfill": {layer: Land, class: "industrial"}, "construction": {layer: Land, class: "industrial"},
		"brownfield": {layer: Land, class: "industrial"}, "port": {layer: Land, class: "industrial"},
		"commercial": {layer: Land, class: "commercial"}, "retail": {layer: Land, class: "commercial"},
		"education": {layer: Land, class: "institution"}, "military": {layer: Land, class: "institution"},
		"religious": {layer: Land, class: "institution"}, "institutional": {layer: Land, class: "institution"},
		"farmland": {layer: Land, class: "farmland"}, "farmyard": {layer: Land, class: "farmland"},
		"orchard": {layer: Land, class: "farmland"}, "vineyard": {layer: Land, class: "farmland"},
		"greenhouse_horticulture": {layer: Land, class: "farmland"}, "plant_nursery": {layer: Land, class: "farmland"},
		"forest": {layer: Green, class: "forest"}, "grass": {layer: Green, class: "grass"},
		"meadow": {layer: Green, class: "grass"}, "greenfield": {layer: Green, class: "grass"},
		"village_green": {layer: Green, class: "park"}, "recreation_ground": {layer: Green, class: "park"},
		"cemetery": {layer: Green, class: "cemetery"}, "flowerbed": {layer: Green, class: "garden"},
		"basin": {layer: Water, class: "basin"}, "reservoir": {layer: Water, class: "basin"},
	}},
	{"amenity", map[string]drawn{
		"school": {layer: Land, class: "institution"}, "kindergarten": {layer: Land, class: "institution"},
		"university": {layer: Land, class: "institution"}, "college": {layer: Land, class: "institution"},
		"hospital": {layer: Land, class: "institution"}, "grave_yard": {layer: Green, class: "cemetery"},
		"parking": {layer: Land, class: "parking"},
	}},
	{"man_made", map[string]drawn{"pier": {layer: Land, class: "rock"}, "breakwater": {layer: Land, class: "rock"}}},
	{"highway", map[string]drawn{
		"pedestrian": {layer: Road, class: "pedestrian"}, "footway": {layer: Road, class: "pedestrian"},
		"platform": {layer: Road, class: "pedestrian"},
	}},
}

var waterClass = map[string]string{
	"river": "river", "canal": "river", "oxbow": "river", "basin": "basin", "reservoir": "basin", "pool": "pool",
	"wastewater": "basin",
}

// drawnArea is how a closed outline with these tags appears; class "" when it
// does not. size is in square metres, and decides the zoom.
func drawnArea(t tags, size float64) drawn {
	if b := t["building"]; b != "" && b != "no" {
		return drawn{Building, "building", 14}
	}
	for _, m := range areaClass {
		d := m.classes[t[m.key]]
		if d.class == "" || m.key == "highway" && t["area"] != "yes" && t["type"] != "multipolygon" {
			continue
		}
		if d.class == "lake" && waterClass[t["water"]] != "" {
			d.class = waterClass[t["water"]]
		}
		d.zoom = areaZoom(size)
		return d
	}
	return drawn{}
}

// areaZoom is the zoom at which an area covers some four by four pixels.
func areaZoom(size float64) int {
	const metresPerPixel = 135_000 // at zoom 0, at the latitude of Israel
	if size <= 0 {
		return 16
	}
	return int(min(max(math.Ceil(math.Log2(4*metresPerPixel/math.Sqrt(size))), 4), 16))
}

// drawnLine is how a line with these tags appears; class "" when it does not.
func drawnLine(t tags) drawn {
	if t["indoor"] == "yes" {
		return drawn{}
	}
	if d, ok := roadClass[t["highway"]]; ok {
		if t["highway"] == "footway" && t["name"] == "" || t["highway"] == "service" && t["service"] != "" {
			d.zoom++
		}
		return d
	}
	if d, ok := railClass[t["railway"]]; ok {
		if t["service"] != "" {
			d.zoom = max(d.zoom, 13)
		}
		return d
	}
	if d, ok := streamClass[t["waterway"]]; ok {
		return d
	}
	if t["natural"] == "coastline" {
		return drawn{Water, "coastline", 6}
	}
	return drawn{}
}
