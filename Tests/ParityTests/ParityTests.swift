import Parity
import Testing
