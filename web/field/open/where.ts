import { useCallback, useEffect, useRef, useState } from "react";
import { useField } from "../state.tsx";

export interface Spot {
  lat: number;
  lon: number;
  accuracy: number;
  at: number;
}

// A fix older than this may be another street by now.
const fresh = 60_000;

// useSpot is where the tablet stands: the engine's last fix, or a new one that
// is asked for here. failed says that the device gave none.
export function useSpot(): { spot: Spot | undefined; asking: boolean; failed: boolean; again: () => void } {
  const here = useField(s => s.here);
  const [own, setOwn] = useState<Spot>();
  const [asking, setAsking] = useState(false);
  const [failed, setFailed] = useState(false);
  const again = useCallback(() => {
    if (!navigator.geolocation) return setFailed(true);
    setAsking(true);
    setFailed(false);
    navigator.geolocation.getCurrentPosition(
      ({ coords, timestamp }) => {
        const { latitude: lat, longitude: lon, accuracy } = coords;
        setOwn({ lat, lon, accuracy, at: timestamp });
        setAsking(false);
      },
      () => {
        setFailed(true);
        setAsking(false);
      },
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    );
  }, []);
  const opened = useRef(here);
  useEffect(() => {
    const had = opened.current;
    if (!had || Date.now() - Date.parse(had.at) > fresh) again();
  }, [again]);
  const told = here && { lat: here.lat, lon: here.lon, accuracy: here.accuracy, at: Date.parse(here.at) };
  const spot = own && (!told || own.at >= told.at) ? own : (told ?? undefined);
  return { spot, asking, failed, again };
}
