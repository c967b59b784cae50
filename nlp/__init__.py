"""Reading loose Chinese field reports; no state, no database, no clock of its own."""

from nlp.native import use

use(__path__)
