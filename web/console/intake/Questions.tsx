import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import type { Answer, Category, Question } from "../../shared/api.ts";
import { useName, useT } from "../../shared/texts/index.tsx";

interface Props {
  category: Category;
  answers: Record<string, Answer>;
  onChange: (answers: Record<string, Answer>) => void;
}

// Questions are the category's own: what changes who goes, or by when.
export function Questions({ category, answers, onChange }: Props) {
  const questions = category.questions ?? [];
  if (questions.length === 0) return null;
  const set = (code: string, value: Answer | undefined) => {
    const { [code]: _, ...rest } = answers;
    onChange(value === undefined ? rest : { ...rest, [code]: value });
  };
  return (
    <div className="questions">
      {questions.map(question => (
        <One
          key={question.code}
          question={question}
          value={answers[question.code]}
          onChange={v => set(question.code, v)}
        />
      ))}
    </div>
  );
}

function One({
  question,
  value,
  onChange,
}: {
  question: Question;
  value: Answer | undefined;
  onChange: (v: Answer | undefined) => void;
}) {
  const t = useT();
  const name = useName();
  const label = name(question.names, question.code);
  if (question.kind === "number") {
    return (
      <label className="question">
        <span>{label}</span>
        <input
          className="input number"
          data-question
          type="number"
          min={0}
          inputMode="numeric"
          value={value === undefined ? "" : Number(value)}
          onChange={e => onChange(e.target.value === "" ? undefined : Number(e.target.value))}
        />
      </label>
    );
  }
  const options =
    question.kind === "bool"
      ? [
          { id: "yes", value: true as Answer, label: t("do.yes") },
          { id: "no", value: false as Answer, label: t("do.no") },
        ]
      : (question.choices ?? []).map(c => ({
          id: c.code,
          value: c.code as Answer,
          label: name(c.names, c.code),
        }));
  const chosen = options.find(o => o.value === value);
  return (
    <div className="question">
      <span id={`q-${question.code}`}>{label}</span>
      <ToggleButtonGroup
        className="segments"
        aria-labelledby={`q-${question.code}`}
        selectionMode="single"
        selectedKeys={chosen ? [chosen.id] : []}
        onSelectionChange={keys => onChange(options.find(o => keys.has(o.id))?.value)}
      >
        {options.map((option, i) => (
          <ToggleButton
            key={option.id}
            id={option.id}
            className="segment"
            data-stop
            {...(i === 0 ? { "data-question": true } : {})}
          >
            {option.label}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </div>
  );
}
