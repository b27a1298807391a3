"""The rules of a charter as a form, and back again."""

from .page import RulesForm, rearranged
from .sheets import sheets_of

__all__ = ["RulesForm", "rearranged", "sheets_of"]
