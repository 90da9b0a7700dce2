"""The XML of one submission: parsed with every defence, or refused with the reason."""

from lxml import etree

from pipeline.returns.guard import guard_xml, read_regular
from pipeline.returns.problems import refused
from pipeline.returns.source import SourceFile
from pipeline.settings import Caps

META = "meta"


def submission_parser() -> etree.XMLParser:
    """A parser that resolves nothing, fetches nothing and stops at 256 levels."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def submission_bytes(source: SourceFile, caps: Caps) -> bytes:
    """Read one file, not larger than a submission may be.

    Raises:
        SurveyError: GUARD-001, GUARD-002.
    """
    return read_regular(source.path, limit=caps.submission_bytes, shown=source.source_file)


def parse_xml(content: bytes, parser: etree.XMLParser, *, shown: str) -> etree._Element:
    """Parse and check the bytes of a submission.

    Raises:
        SurveyError: GUARD-006, GUARD-008, XML-001 not well-formed, XML-003 encrypted.
    """
    root = parse_plain_xml(content, parser, shown=shown)
    if root.get("encrypted") == "yes":
        raise refused(
            "XML-003",
            "The submission was encrypted by ODK.",
            "Open it first, and receive what comes out: survey decrypt.",
            file=shown,
        )
    return root


def parse_plain_xml(content: bytes, parser: etree.XMLParser, *, shown: str) -> etree._Element:
    """Parse the bytes of any XML of ODK's, encrypted or not.

    Raises:
        SurveyError: GUARD-006, GUARD-008, XML-001 not well-formed.
    """
    guard_xml(content, shown=shown)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise refused(
            "XML-001",
            "The file is damaged or was cut off: it is no well-formed XML.",
            "Send the submission from the device again.",
            file=shown,
            line=error.lineno or None,
        ) from error


def local_name(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def xml_path(element: etree._Element) -> str:
    """Where the element stands, `/data/household/age`."""
    steps = [local_name(element), *(local_name(above) for above in element.iterancestors())]
    return "/" + "/".join(reversed(steps))
