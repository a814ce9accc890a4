"""How many calls a run may make, and how many it made."""

from dataclasses import dataclass

from mockserver.check.refraining import BudgetSpent


@dataclass(slots=True)
class Budget:
    """`most` calls, `None` for no bound. What cleans up is counted, and never refused."""

    most: int | None = None
    spent: int = 0

    def take(self, *, cleaning: bool = False) -> None:
        """Count a call that is about to be made. Raises `BudgetSpent`."""
        if not cleaning and self.most is not None and self.spent >= self.most:
            raise BudgetSpent(f"the budget of {self.most} calls is spent")
        self.spent += 1
