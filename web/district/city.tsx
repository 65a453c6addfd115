import { createContext, useContext } from "react";
import type { Area, Catalogue, Category, Department, Session } from "../shared/api.ts";

// CityFacts is what every part of the page names things by.
export interface CityFacts {
  session: Session;
  categories: Map<string, Category>;
  departments: Map<string, Department>;
  districts: Area[];
  neighbourhoods: Map<string, Area>;
}

const Facts = createContext<CityFacts | undefined>(undefined);

export const City = Facts;

export function useCity(): CityFacts {
  const city = useContext(Facts);
  if (!city) throw new Error("useCity is used outside of the page");
  return city;
}

export function cityOf(session: Session, catalogue: Catalogue, areas: Area[]): CityFacts {
  return {
    session,
    categories: new Map(catalogue.categories.map(c => [c.code, c])),
    departments: new Map(catalogue.departments.map(d => [d.code, d])),
    districts: areas.filter(a => a.level === "district"),
    neighbourhoods: new Map(areas.filter(a => a.level === "neighbourhood").map(a => [a.code, a])),
  };
}
