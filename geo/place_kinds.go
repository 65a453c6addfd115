package geo

// The kinds of place that callers navigate by. Importers map what their
// source says onto these words; a place that fits none is not taken.
const (
	KindSchool        = "school"
	KindKindergarten  = "kindergarten"
	KindCollege       = "college"
	KindLibrary       = "library"
	KindHospital      = "hospital"
	KindClinic        = "clinic"
	KindPharmacy      = "pharmacy"
	KindNursingHome   = "nursing_home"
	KindPolice        = "police"
	KindFire          = "fire_station"
	KindAmbulance     = "ambulance_station"
	KindShelter       = "shelter"
	KindTownHall      = "townhall"
	KindGovernment    = "government"
	KindCourt         = "court"
	KindEmbassy       = "embassy"
	KindPost          = "post_office"
	KindBank          = "bank"
	KindSynagogue     = "synagogue"
	KindMosque        = "mosque"
	KindChurch        = "church"
	KindWorship       = "worship"
	KindMikveh        = "mikveh"
	KindCemetery      = "cemetery"
	KindMall          = "mall"
	KindMarket        = "market"
	KindSupermarket   = "supermarket"
	KindShop          = "shop"
	KindFuel          = "fuel"
	KindParking       = "parking"
	KindRestaurant    = "restaurant"
	KindCafe          = "cafe"
	KindHotel         = "hotel"
	KindPark          = "park"
	KindPlayground    = "playground"
	KindBeach         = "beach"
	KindSports        = "sports"
	KindCommunity     = "community_centre"
	KindTheatre       = "theatre"
	KindCinema        = "cinema"
	KindMuseum        = "museum"
	KindMonument      = "monument"
	KindAttraction    = "attraction"
	KindTrain         = "train_station"
	KindTram          = "tram_stop"
	KindBusStation    = "bus_station"
	KindBusStop       = "bus_stop"
	KindHarbour       = "harbour"
	KindAirport       = "airport"
	KindIndustrial    = "industrial"
	KindUtility       = "utility"
	KindSquare        = "square"
	KindJunction      = "junction"
	KindBridge        = "bridge"
	KindNeighbourhood = "neighbourhood"
	KindSettlement    = "settlement"
)

// PlaceKinds lists every word that Place.Kind may hold.
func PlaceKinds() []string {
	return []string{
		KindSchool, KindKindergarten, KindCollege, KindLibrary,
		KindHospital, KindClinic, KindPharmacy, KindNursingHome,
		KindPolice, KindFire, KindAmbulance, KindShelter,
		KindTownHall, KindGovernment, KindCourt, KindEmbassy, KindPost, KindBank,
		KindSynagogue, KindMosque, KindChurch, KindWorship, KindMikveh, KindCemetery,
		KindMall, KindMarket, KindSupermarket, KindShop, KindFuel, KindParking,
		KindRestaurant, KindCafe, KindHotel,
		KindPark, KindPlayground, KindBeach, KindSports,
		KindCommunity, KindTheatre, KindCinema, KindMuseum, KindMonument, KindAttraction,
		KindTrain, KindTram, KindBusStation, KindBusStop, KindHarbour, KindAirport,
		KindIndustrial, KindUtility,
		KindSquare, KindJunction, KindBridge, KindNeighbourhood, KindSettlement,
	}
}
