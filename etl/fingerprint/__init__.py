"""What a text is compared by: hashes of its paragraphs, a MinHash signature and a sketch to find it by.

`etl.fingerprint.minhash` gives signatures as real datasketch objects; it is apart because datasketch is slow to import.
"""

from etl.fingerprint.fingerprint import fingerprint
from etl.fingerprint.scheme import SCHEME
from etl.fingerprint.signature import jaccard

__all__ = ["SCHEME", "fingerprint", "jaccard"]
