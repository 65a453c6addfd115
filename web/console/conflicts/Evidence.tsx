import { useQuery } from "@tanstack/react-query";
import type { Conflict, OpenIncident } from "../../shared/api.ts";
import { call } from "../../shared/client.ts";
import { useT } from "../../shared/texts/index.tsx";
import { Gallery } from "../incident/Gallery.tsx";
import { Record } from "../incident/Record.tsx";

// Evidence is what the crew brought from the place.
export function Evidence({ conflict: c }: { conflict: Conflict }) {
  const t = useT();
  const query = useQuery({
    queryKey: ["incident", c.incident],
    queryFn: () => call<OpenIncident>(`/incidents/${c.incident}`),
  });
  const job = query.data?.jobs.find(j => j.id === c.job);
  const photos = query.data?.photos?.filter(p => p.job === c.job) ?? [];
  if (!query.data) return null;
  return (
    <section className="evidence" aria-label={t("conflicts.evidence")}>
      <h3 className="section-title">{t("conflicts.evidence")}</h3>
      {job && <Record job={job} />}
      {photos.length > 0 ? <Gallery photos={photos} /> : <p className="dim">{t("conflicts.no-photos")}</p>}
    </section>
  );
}
