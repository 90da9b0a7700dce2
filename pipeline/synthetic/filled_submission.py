"""Write one respondent's answers as the submission that ODK Collect would send."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.questionnaire.model import Group, Node, Question, Questionnaire, Repeat
from pipeline.store import write_bytes
from pipeline.synthetic.answers import Answers, instances, text_answer

_NAMESPACES = {"jr": "http://openrosa.org/javarosa", "orx": "http://openrosa.org/xforms"}
_NOT_IN_INSTANCE = frozenset({"xml-external", "csv-external"})


def fill_submission(
    questionnaire: Questionnaire,
    answers: Answers,
    *,
    instance_id: str,
    target: Path,
    instance_name: str | None = None,
    not_asked: Collection[str] = (),
) -> None:
    """Write a submission.

    Args:
        questionnaire: the form.
        answers: of one respondent.
        instance_id: what makes the submission unique, without `uuid:`.
        target: the file to write.
        instance_name: what Collect shows in its list, if the form has one.
        not_asked: questions, groups and repeats that do not apply to this respondent; Collect
            leaves their elements out, while a question left blank keeps an empty one.
    """
    root = etree.Element("data", nsmap=_NAMESPACES)
    root.set("id", questionnaire.form_id)
    if questionnaire.version:
        root.set("version", questionnaire.version)
    names = {(*item.path, item.question.name): item.name for item in questionnaire.items}
    _Filler(names, frozenset(not_asked)).fill(root, questionnaire.survey, answers, ())
    meta = etree.SubElement(root, "meta")
    etree.SubElement(meta, "instanceID").text = f"uuid:{instance_id}"
    if instance_name is not None:
        etree.SubElement(meta, "instanceName").text = instance_name
    for item in questionnaire.items:
        if item.question.type_name == "audit":
            etree.SubElement(meta, "audit").text = text_answer(answers, item.name) or None
    write_bytes(target, etree.tostring(root, encoding="UTF-8", xml_declaration=True), mode=0o600)


@dataclass(frozen=True)
class _Filler:
    """Puts answers under an element.

    Attributes:
        names: path of a question -> its name among the answers.
        not_asked: what is left out.
    """

    names: Mapping[tuple[str, ...], str]
    not_asked: frozenset[str]

    def fill(
        self,
        parent: etree._Element,
        nodes: tuple[Node, ...],
        answers: Answers,
        path: tuple[str, ...],
    ) -> None:
        for node in nodes:
            match node:
                case Question() if _has_element(node):
                    name = self.names[*path, node.name]
                    if name not in self.not_asked:
                        etree.SubElement(parent, node.name).text = (
                            text_answer(answers, name) or None
                        )
                case Group() if node.group not in self.not_asked:
                    element = etree.SubElement(parent, node.group)
                    self.fill(element, node.questions, answers, (*path, node.group))
                case Repeat() if node.repeat not in self.not_asked:
                    for instance in instances(answers, node.repeat):
                        element = etree.SubElement(parent, node.repeat)
                        self.fill(element, node.questions, instance, (*path, node.repeat))


def _has_element(question: Question) -> bool:
    return question.type_name not in _NOT_IN_INSTANCE and question.type_name != "audit"
