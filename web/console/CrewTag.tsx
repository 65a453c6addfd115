import type { Crew } from "../shared/api.ts";
import { now } from "../shared/client.ts";
import { silentAfter } from "../shared/urgency.ts";

// CrewTag is a crew in text: its call sign in the same rounded square as on the
// map, grey when its position is old.
export function CrewTag({ crew, look }: { crew: Crew; look?: "busy" | "free" | "silent" | "off" }) {
  const silent = !crew.at || now() - Date.parse(crew.at) > silentAfter;
  return (
    <span className={`crew-tag ${look ?? (silent ? "silent" : "busy")}`} title={crew.name}>
      <bdi>{crew.code}</bdi>
    </span>
  );
}
