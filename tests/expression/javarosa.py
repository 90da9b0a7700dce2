"""JavaRosa, ODK Collect's engine, out of pyxform's wheel: the judge of an expression's meaning."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from lxml import etree
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH
from pyxform.xls2xform import convert

EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - the form's own clock is UTC
XFORM = "{http://www.w3.org/2002/xforms}"


@cache
def start() -> Any:
    """The Java machine with JavaRosa's classes known to it; one a process."""
    import jpype  # noqa: PLC0415 - only where the judge is asked

    if not jpype.isJVMStarted():
        options = ("-Djava.awt.headless=true", "-Duser.timezone=UTC", "-Xmx512m")
        jpype.startJVM(*options, classpath=[str(ODK_VALIDATE_PATH)], convertStrings=True)
    org = jpype.JPackage("org")
    manager = org.javarosa.core.services.PrototypeManager
    for name in org.javarosa.core.model.CoreModelModule.classNames:
        manager.registerPrototype(name)
    org.javarosa.model.xform.XFormsModule().registerModule()
    return jpype


class Form:
    """A form made by pyxform from Markdown, and what its calculations give for answers as XML."""

    def __init__(self, markdown: str) -> None:
        self.xform = convert(markdown, file_type=".md", validate=False).xform
        jpype = start()
        data = jpype.JArray(jpype.JByte)(self.xform.encode())
        stream = jpype.JPackage("java").io.ByteArrayInputStream(data)
        utils = jpype.JPackage("org").javarosa.xform.util.XFormUtils
        self.definition = utils.getFormFromInputStream(stream)
        self.binds = {
            bind.get("nodeset"): bind.get("calculate")
            for bind in etree.fromstring(self.xform.encode()).iter(f"{XFORM}bind")
            if bind.get("calculate")
        }

    def fill(self, instance: str) -> None:
        """Put answers, as the XML of a submission, into the form."""
        jpype = start()
        parser = jpype.JPackage("org").javarosa.xform.parse.XFormParser
        data = jpype.JArray(jpype.JByte)(instance.encode())
        saved = parser.restoreDataModel(data, None).getRoot()
        main = self.definition.getMainInstance()
        root = self.template.deepCopy(True)  # noqa: FBT003 - Java's
        root.populate(saved, self.definition)
        main.setRoot(root)

    @property
    def template(self) -> Any:
        if not hasattr(self, "_template"):
            self._template = self.definition.getMainInstance().getRoot().deepCopy(True)  # noqa: FBT003 - Java's
        return self._template

    def value(self, path: str, numbers: tuple[int, ...] = ()) -> object:
        """A calculation's value before it is stored; `ERROR` where JavaRosa stops the form.

        Args:
            path: of the calculation, as in the form's binds.
            numbers: from 0, the instance of each repeat on the way.
        """
        jpype = start()
        org = jpype.JPackage("org")
        reference = org.javarosa.model.xform.XPathReference(path).getReference()
        for level in range(reference.size()):
            reference.setMultiplicity(level, 0)
        for level, number in enumerate(numbers):
            reference.setMultiplicity(1 + level, number)
        context = self.definition.getEvaluationContext()
        here = org.javarosa.core.model.condition.EvaluationContext(context, reference)
        condition = org.javarosa.xpath.XPathConditional(self.binds[path])
        try:
            return plain(condition.evalRaw(self.definition.getMainInstance(), here))
        except jpype.JException:
            return ERROR


ERROR = "<JavaRosa stops here>"
BEYOND = "<after the year 9999>"


def plain(value: Any) -> object:
    """A Java value as ours."""
    jpype = start()
    if isinstance(value, jpype.JPackage("org").javarosa.xpath.XPathNodeset):
        value = value.unpack()
    if isinstance(value, jpype.JPackage("java").util.Date):
        try:
            return EPOCH + timedelta(milliseconds=int(value.getTime()))
        except OverflowError:
            return BEYOND
    if isinstance(value, jpype.JPackage("java").lang.Boolean):
        return bool(value)
    if isinstance(value, jpype.JPackage("java").lang.Number):
        return float(value)
    return str(value)
