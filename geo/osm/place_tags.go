package osm

import "moked/geo"

// placeKinds maps tags to the kinds of geo.PlaceKinds, in the order in which
// they are asked: what a thing is for goes before what it looks like. "*"
// stands for any other value.
var placeKinds = []struct {
	key   string
	kinds map[string]string
}{
	{"amenity", map[string]string{
		"school": geo.KindSchool, "music_school": geo.KindSchool, "language_school": geo.KindSchool,
		"kindergarten": geo.KindKindergarten, "childcare": geo.KindKindergarten,
		"college": geo.KindCollege, "university": geo.KindCollege, "research_institute": geo.KindCollege,
		"library": geo.KindLibrary, "hospital": geo.KindHospital,
		"clinic": geo.KindClinic, "doctors": geo.KindClinic, "dentist": geo.KindClinic, "health_post": geo.KindClinic,
		"veterinary": geo.KindClinic, "pharmacy": geo.KindPharmacy,
		"nursing_home": geo.KindNursingHome, "social_facility": geo.KindNursingHome, "retirement_home": geo.KindNursingHome,
		"police": geo.KindPolice, "fire_station": geo.KindFire, "ambulance_station": geo.KindAmbulance,
		"townhall": geo.KindTownHall, "public_building": geo.KindGovernment, "courthouse": geo.KindCourt,
		"embassy": geo.KindEmbassy, "post_office": geo.KindPost, "bank": geo.KindBank,
		"grave_yard": geo.KindCemetery, "crematorium": geo.KindCemetery,
		"marketplace": geo.KindMarket, "fuel": geo.KindFuel, "charging_station": geo.KindFuel,
		"parking": geo.KindParking, "restaurant": geo.KindRestaurant, "fast_food": geo.KindRestaurant,
		"food_court": geo.KindRestaurant, "bar": geo.KindRestaurant, "pub": geo.KindRestaurant,
		"cafe": geo.KindCafe, "ice_cream": geo.KindCafe,
		"community_centre": geo.KindCommunity, "social_centre": geo.KindCommunity, "events_venue": geo.KindCommunity,
		"conference_centre": geo.KindCommunity, "arts_centre": geo.KindTheatre,
		"theatre": geo.KindTheatre, "cinema": geo.KindCinema, "nightclub": geo.KindAttraction, "casino": geo.KindAttraction,
		"fountain": geo.KindMonument, "bus_station": geo.KindBusStation, "ferry_terminal": geo.KindHarbour,
		"public_bath": geo.KindMikveh, "shelter": geo.KindShelter, "swimming_pool": geo.KindSports,
		"ritual_bath": geo.KindMikveh, "prison": geo.KindGovernment, "recycling": geo.KindUtility,
		"waste_transfer_station": geo.KindUtility,
	}},
	{"emergency", map[string]string{"ambulance_station": geo.KindAmbulance, "assembly_point": geo.KindShelter}},
	{"healthcare", map[string]string{
		"hospital": geo.KindHospital, "pharmacy": geo.KindPharmacy, "*": geo.KindClinic,
	}},
	{"railway", map[string]string{
		"station": geo.KindTrain, "halt": geo.KindTrain, "tram_stop": geo.KindTram,
	}},
	{"aeroway", map[string]string{"aerodrome": geo.KindAirport, "terminal": geo.KindAirport, "heliport": geo.KindAirport}},
	{"shop", map[string]string{
		"mall": geo.KindMall, "department_store": geo.KindMall, "supermarket": geo.KindSupermarket,
		"convenience": geo.KindSupermarket, "chemist": geo.KindPharmacy, "vacant": "", "*": geo.KindShop,
	}},
	{"office", map[string]string{
		"government": geo.KindGovernment, "diplomatic": geo.KindEmbassy, "employment_agency": geo.KindGovernment,
	}},
	{"government", map[string]string{"*": geo.KindGovernment}},
	{"tourism", map[string]string{
		"hotel": geo.KindHotel, "hostel": geo.KindHotel, "guest_house": geo.KindHotel, "motel": geo.KindHotel,
		"museum": geo.KindMuseum, "gallery": geo.KindMuseum, "attraction": geo.KindAttraction, "zoo": geo.KindAttraction,
		"theme_park": geo.KindAttraction, "aquarium": geo.KindAttraction, "viewpoint": geo.KindAttraction,
		"artwork": geo.KindMonument, "camp_site": geo.KindPark, "picnic_site": geo.KindPark,
	}},
	{"historic", map[string]string{
		"monument": geo.KindMonument, "memorial": geo.KindMonument, "castle": geo.KindMonument, "ruins": geo.KindMonument,
		"archaeological_site": geo.KindMonument, "fort": geo.KindMonument,
	}},
	{"leisure", map[string]string{
		"park": geo.KindPark, "garden": geo.KindPark, "nature_reserve": geo.KindPark, "common": geo.KindPark,
		"dog_park": geo.KindPark, "playground": geo.KindPlayground,
		"pitch": geo.KindSports, "sports_centre": geo.KindSports, "stadium": geo.KindSports, "track": geo.KindSports,
		"swimming_pool": geo.KindSports, "water_park": geo.KindSports, "fitness_centre": geo.KindSports,
		"sports_hall": geo.KindSports, "ice_rink": geo.KindSports, "marina": geo.KindHarbour,
		"beach_resort": geo.KindBeach,
	}},
	{"natural", map[string]string{"beach": geo.KindBeach}},
	{"landuse", map[string]string{
		"cemetery": geo.KindCemetery, "industrial": geo.KindIndustrial, "recreation_ground": geo.KindPark,
		"village_green": geo.KindPark, "forest": geo.KindPark, "retail": geo.KindMall, "harbour": geo.KindHarbour,
		"landfill": geo.KindUtility,
	}},
	{"man_made", map[string]string{
		"water_tower": geo.KindUtility, "wastewater_plant": geo.KindUtility, "water_works": geo.KindUtility,
		"pumping_station": geo.KindUtility, "bridge": geo.KindBridge, "lighthouse": geo.KindMonument, "pier": geo.KindHarbour,
	}},
	{"place", map[string]string{
		"square": geo.KindSquare, "city": geo.KindSettlement, "town": geo.KindSettlement, "village": geo.KindSettlement,
		"hamlet": geo.KindSettlement, "isolated_dwelling": geo.KindSettlement,
		"suburb": geo.KindNeighbourhood, "quarter": geo.KindNeighbourhood, "neighbourhood": geo.KindNeighbourhood,
	}},
	{"public_transport", map[string]string{"station": geo.KindBusStation, "platform": geo.KindBusStop, "stop_position": ""}},
	{"highway", map[string]string{
		"bus_stop": geo.KindBusStop, "motorway_junction": geo.KindJunction, "services": geo.KindFuel, "rest_area": geo.KindFuel,
	}},
	{"building", map[string]string{
		"school": geo.KindSchool, "kindergarten": geo.KindKindergarten, "hospital": geo.KindHospital,
		"synagogue": geo.KindSynagogue, "mosque": geo.KindMosque, "church": geo.KindChurch, "cathedral": geo.KindChurch,
		"chapel": geo.KindChurch, "hotel": geo.KindHotel, "train_station": geo.KindTrain, "stadium": geo.KindSports,
		"civic": geo.KindGovernment, "public": geo.KindGovernment, "government": geo.KindGovernment,
	}},
}

var worship = map[string]string{
	"jewish": geo.KindSynagogue, "muslim": geo.KindMosque, "christian": geo.KindChurch,
}

// placeKind is the kind of place that the tags speak of, or "".
func placeKind(t tags) string {
	if t["amenity"] == "place_of_worship" {
		if k := worship[t["religion"]]; k != "" {
			return k
		}
		return geo.KindWorship
	}
	if t["bunker_type"] == "bomb_shelter" {
		return geo.KindShelter
	}
	for _, m := range placeKinds {
		v := t[m.key]
		if v == "" || v == "no" {
			continue
		}
		kind, ok := m.kinds[v]
		if !ok {
			kind = m.kinds["*"]
		}
		if kind != "" {
			return kind
		}
	}
	return ""
}
