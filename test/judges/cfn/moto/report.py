"""Runs judges, and says what they found."""

from botocore.exceptions import BotoCoreError, ClientError

from cloud import EXPLAINED_WARNINGS


def report(judges):
    """Prints a line for each judge, and for warnings of moto that differ from those explained. Returns the exit code.

    judges: names, each with a function that raises AssertionError, or returns what moto warned of.
    """
    failures, said = 0, set()
    for name, judge in judges:
        try:
            said |= set(judge())
            print(f"moto: {name}: as it should be", flush=True)
        except (AssertionError, BotoCoreError, ClientError) as error:
            failures += 1
            print(f"moto: {name}: {error}", flush=True)
    unexplained = [text for text in said if not any(kind in text for kind in EXPLAINED_WARNINGS)]
    stale = [kind for kind in EXPLAINED_WARNINGS if not any(kind in text for text in said)]
    for text in unexplained:
        print(f"moto: unexplained warning: {text}")
    for kind in stale:
        print(f"moto: no longer warns of {kind}: take it off the list, and check it here")
    return 1 if failures or unexplained or stale else 0
