"""Lets papermill set the parameters of Deno notebooks.

Installed beside papermill, it is found by itself: ``papermill in.ipynb out.ipynb -p epochs 3``. The values reach what the
notebook declares by ``params({ epochs: 20 })``, in a cell without a tag; or, as papermill has it elsewhere, the variables
that a cell tagged ``parameters`` declares with ``let`` or ``var``.
"""

import json
import re

from papermill.engines import NBClientEngine
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z|[$_][\w$]*\Z")
_RESERVED = set(
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends "
    "false finally for function if implements import in instanceof interface let new null package private protected "
    "public return static super switch this throw true try typeof undefined NaN Infinity var void while with yield".split()
)
# A property of the global object that was there before is nobody's variable. What `var` makes can't be deleted; of a
# name that was taken already (`name`), a plain value is a notebook's.
_IS_OWN = """const $isOwn = (name, value) => {
  if (!(name in globalThis) || !Object.is(globalThis[name], value)) return true;
  const found = Object.getOwnPropertyDescriptor(globalThis, name);
  return found !== undefined && "value" in found && (!found.configurable || Object(found.value) !== found.value);
};"""
_DECLARATION = re.compile(r"^\s*(?:let|var)\s+([\w$]+)\s*(?::\s*([^=]+?))?\s*=\s*(.+?)\s*;?\s*(?://\s*(.*))?$")


class TypeScriptTranslator(Translator):
    """Writes parameters as TypeScript."""

    @classmethod
    def translate(cls, val):
        """A value as an expression. JSON is one, and what Python adds to it (NaN, Infinity) too."""
        return json.dumps(val, default=str)

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".strip()

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        """The cell that sets parameters: for params(), and as variables where the notebook has some of these names."""
        entries = "".join(f"  {json.dumps(name)}: {cls.translate(value)},\n" for name, value in parameters.items())
        given = f'void Object.assign(globalThis[Symbol.for("ptutils.params")] ??= {{}}, {{\n{entries}}});\n'
        variables = "".join(
            cls.assign(name, cls.translate(value)) for name, value in parameters.items() if _is_variable(name)
        )
        return f"{cls.comment(comment)}\n{given}" + (variables and f"{{\n{_IS_OWN}\n{variables}}}\n")

    @classmethod
    def assign(cls, name, str_val):
        """Sets a variable if the notebook has one, and notes that the name is taken.

        A constant is an error, unless params() gave it: then the cell is run for a second time.
        """
        quoted, taken = json.dumps(name), 'globalThis[Symbol.for("ptutils.params.declared")]'
        return (
            f"try {{ if ($isOwn({quoted}, {name})) {{ {name} = {str_val}; "
            f"void ({taken} ??= new Set()).add({quoted}); }} }} catch (error) "
            f"{{ if (error instanceof TypeError && !{taken}?.has({quoted})) throw error; }}\n"
        )

    @classmethod
    def inspect(cls, parameters_cell):
        """The variables that the cell tagged ``parameters`` declares, one a line."""
        found = (_DECLARATION.match(line) for line in parameters_cell["source"].splitlines())
        return [
            Parameter(name=name, inferred_type_name=kind or "None", default=default, help=(text or "").strip())
            for name, kind, default, text in (match.groups() for match in found if match)
        ]


class PTUtilsEngine(NBClientEngine):
    """papermill's own. It is here to be imported."""


def _is_variable(name):
    return _IDENTIFIER.match(name) is not None and name not in _RESERVED and name != "$isOwn"


for _name in ("typescript", "deno", "ptutils"):
    papermill_translators.register(_name, TypeScriptTranslator)
