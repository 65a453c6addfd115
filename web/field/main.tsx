import "../shared/fonts.css";
import "../shared/theme.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { dress } from "../shared/theme.ts";
import { createEngine } from "./engine/index.ts";
import { Field } from "./Field.tsx";

dress();
const engine = createEngine();
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Field engine={engine} />
  </StrictMode>,
);
