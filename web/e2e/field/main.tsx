import "../../shared/fonts.css";
import "../../shared/theme.css";
import "../../shared/ring.css";
import "../../field/styles/index.css";
import { createRoot } from "react-dom/client";
import { Field } from "../../field/Field.tsx";
import { dress } from "../../field/look.ts";
import { languages } from "../../field/texts/index.tsx";
import { Speaking } from "../../shared/texts/index.tsx";
import { fakeEngine } from "./fake.ts";

dress();
const engine = fakeEngine(new URLSearchParams(location.search).get("scene") ?? "busy");
Object.assign(window, { engine });
createRoot(document.getElementById("root")!).render(
  <Speaking languages={languages}>
    <Field engine={engine} />
  </Speaking>,
);
