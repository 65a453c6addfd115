import { useEffect, useState } from "react";

// useLater is a value once it has rested for so many milliseconds.
export function useLater<T>(value: T, ms: number): T {
  const [rested, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return rested;
}
