"""A form filled in with JavaRosa, the engine of ODK Collect, question after question."""

from dataclasses import dataclass, field
from typing import Any

from pipeline.questionnaire.given_answers import Key
from pipeline.questionnaire.model import Item, Questionnaire
from pipeline.questionnaire.try_answers import shown
from tests.expression.javarosa import start

END, PROMPT, QUESTION, REPEAT = 1, 2, 4, 16
REQUIRED, CONSTRAINT = 1, 2
RULES = {REQUIRED: "required", CONSTRAINT: "constraint"}
MOST_ROUNDS = 5


@dataclass
class Filled:
    """What JavaRosa asked, refused and worked out; `stopped` where it gave the form up."""

    asked: tuple[str, ...] = ()
    broken: dict[str, str] = field(default_factory=dict)
    calculated: dict[str, str] = field(default_factory=dict)
    stopped: bool = False


class Form:
    """An XForm in JavaRosa, to be filled in as often as wanted."""

    def __init__(self, questionnaire: Questionnaire, xform: str) -> None:
        jpype = start()
        stub = jpype.JPackage("org").opendatakit.validate.StubPropertyManager()
        jpype.JPackage("org").javarosa.core.services.PropertyManager.setPropertyManager(stub)
        self.questionnaire = questionnaire
        self.xform = jpype.JArray(jpype.JByte)(xform.encode())
        self.items = {(*item.path, item.question.name): item for item in questionnaire.items}

    def fill(self, answers: dict[str, Any]) -> Filled:
        """Answer every question that is asked, until no other is asked."""
        try:
            return self._fill(answers)
        except start().JException as error:
            if "XPath evaluation" not in str(error) and "XPath" not in type(error).__name__:
                raise
            return Filled(stopped=True)

    def _fill(self, answers: dict[str, Any]) -> Filled:
        jpype = start()
        org = jpype.JPackage("org")
        stream = jpype.JPackage("java").io.ByteArrayInputStream(self.xform)
        definition = org.javarosa.xform.util.XFormUtils.getFormFromInputStream(stream)
        made = org.javarosa.core.model.instance.InstanceInitializationFactory()
        definition.initialize(True, made)  # noqa: FBT003 - Java's
        entry = org.javarosa.form.api
        controller = entry.FormEntryController(entry.FormEntryModel(definition))
        filled = Filled()
        for _ in range(MOST_ROUNDS):
            asked = self._round(controller, answers, filled)
            if asked == filled.asked:
                break
            filled.asked = asked
        self._calculated(definition, filled)
        return filled

    def _round(self, controller: Any, answers: dict[str, Any], filled: Filled) -> tuple[str, ...]:
        org = start().JPackage("org")
        controller.jumpToIndex(org.javarosa.core.model.FormIndex.createBeginningOfFormIndex())
        asked, filled.broken = [], {}
        while (event := controller.stepToNextEvent()) != END:
            index = controller.getModel().getFormIndex()
            if event in {PROMPT, REPEAT}:
                self._instance(controller, event, index, answers)
            elif event == QUESTION:
                names, key = self._place(index.getReference())
                item = self.items[names]
                if item.question.has_answer:
                    asked.append(shown(item, key))
                    rule = self._answer(controller, item, _given(answers, item.name, key))
                    if rule:
                        filled.broken[shown(item, key)] = rule
        return tuple(asked)

    def _instance(self, controller: Any, event: int, index: Any, answers: dict[str, Any]) -> None:
        """Make the instances that are given, and take the first away where none is."""
        _, key = self._place(index.getReference(), whole=True)
        repeat, number = key[-1]
        wanted = len(_given(answers, repeat, key[:-1]) or ())
        if self.questionnaire.repeats[repeat].node.repeat_count:
            # pyxform writes a first instance into every form, and Collect shows it even where 0 are
            # counted: a known fault of both (getodk/collect#6945), put right here.
            if event != REPEAT or number or self._counted(controller, index):
                return
            wanted = 0
        if event == PROMPT and number < wanted:
            controller.newRepeat(index)
            controller.jumpToIndex(index)
        elif event == REPEAT and number >= wanted:
            controller.jumpToIndex(controller.deleteRepeat(index))

    def _counted(self, controller: Any, index: Any) -> bool:
        """Whether at least one instance is counted."""
        definition = controller.getModel().getForm()
        count = definition.getChild(index).getCountReference()
        unpacked = start().JPackage("org").javarosa.core.model.instance.FormInstance.unpackReference
        where = unpacked(count).contextualize(index.getReference())
        value = definition.getMainInstance().resolveReference(where).getValue()
        return value is not None and float(value.uncast().getString()) >= 1

    def _answer(self, controller: Any, item: Item, answer: Any) -> str | None:
        """Give an answer; the rule that it breaks, if any, and then nothing is kept."""
        if item.question.calculation:
            return None
        if answer is None or answer == []:
            return RULES.get(int(controller.answerQuestion(None, True)))  # noqa: FBT003 - Java's
        prompt = controller.getModel().getQuestionPrompt()
        data = self._data(prompt, answer)
        if data is None:
            controller.answerQuestion(None, True)  # noqa: FBT003 - Java's
            return "choice"
        code = int(controller.answerQuestion(data, True))  # noqa: FBT003 - Java's
        if code == CONSTRAINT:
            controller.answerQuestion(None, True)  # noqa: FBT003 - Java's
        return RULES.get(code)

    def _data(self, prompt: Any, answer: Any) -> Any:
        jpype = start()
        data = jpype.JPackage("org").javarosa.core.model.data
        choices = prompt.getSelectChoices()
        if choices is None or prompt.getControlType() not in {2, 3, 16}:
            text = " ".join(answer) if isinstance(answer, list) else str(answer)
            template = data.AnswerDataFactory.templateByDataType(prompt.getDataType())
            return template.cast(data.UncastData(text))
        offered = {str(one.getValue()): one for one in choices}
        wanted = answer if isinstance(answer, list) else [answer]
        if any(name not in offered for name in wanted):
            return None
        chosen = [offered[name].selection() for name in wanted]
        if not isinstance(answer, list):
            return data.SelectOneData(chosen[0])
        several = jpype.JPackage("java").util.ArrayList(chosen)
        return data.MultipleItemsData(several)

    def _place(self, reference: Any, *, whole: bool = False) -> tuple[tuple[str, ...], Key]:
        """The names on the way to a node, and the instances of the repeats among them."""
        names, key = [], []
        for level in range(1, reference.size()):
            name = str(reference.getName(level))
            names.append(name)
            if name in self.questionnaire.repeats and (whole or level < reference.size() - 1):
                key.append((name, max(int(reference.getMultiplicity(level)), 0)))
        return tuple(names), tuple(key)

    def _calculated(self, definition: Any, filled: Filled) -> None:
        root = definition.getMainInstance().getRoot()
        self._below(root, (), (), filled)

    def _below(self, element: Any, path: tuple[str, ...], key: Key, filled: Filled) -> None:
        for at in range(int(element.getNumChildren())):
            child = element.getChildAt(at)
            number = int(child.getMult())
            if number < 0 or not child.isRelevant():
                continue
            name = str(child.getName())
            here = (*path, name)
            item = self.items.get(here)
            if item is None:
                inside = (*key, (name, number)) if name in self.questionnaire.repeats else key
                self._below(child, here, inside, filled)
            elif item.question.calculation:
                value = child.getValue()
                text = "" if value is None else str(value.uncast().getString())
                filled.calculated[shown(item, key)] = text


def _given(answers: dict[str, Any], name: str, key: Key) -> Any:
    level: Any = answers
    for repeat, number in key:
        rows = level.get(repeat) or []
        if number >= len(rows):
            return None
        level = rows[number]
    return level.get(name)
