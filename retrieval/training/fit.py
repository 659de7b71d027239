"""An encoder fitted to examples: the only module that imports peft and the sentence-transformers trainer.

Contrastive: in a batch each text is to be nearest to its own passage among everybody's, hard negatives included, in
the whole vector and in its first parts alike (Matryoshka). The state that did best on the examples set aside for
stopping is kept, so that a training is never worse than its beginning by that measure.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from retrieval.index.pretrained import gains_from_bfloat16
from retrieval.training.adversary import Adversary
from retrieval.training.batches import KEPT, Anchored, InOrder, datasets_of
from retrieval.training.examples import Example
from retrieval.training.pace import Pace
from retrieval.training.report import Bench, Report, compare, score
from retrieval.training.student import Student, Wording
from retrieval.training.vocabulary import explained
from storage.domain.progress import Progress
from storage.errors import TrainingFailed
from storage.heap import give_back, keep_freed_memory
from storage.libraries import quietly

if TYPE_CHECKING:
    import torch
    from datasets import Dataset
    from peft import LoraModel
    from transformers import TrainerCallback

Method = Literal["full", "lora"]

# Passages are read to this length while learning: four times as quick as to the end, and it opens with what counts.
_TOKENS_LEARNT = 128
# How often in the course of a training it is looked whether it still gains, and how often it may not.
_CHECKS, _PATIENCE = 8, 3
# Cosines are multiplied by this before they compete.
_SCALE = 20.0
# How much a text that is to stay where it is weighs, by one minus the cosine.
_KEPT_WEIGHT = 10.0
_CLIPPED_AT = 1.0
_DECAY = 0.01
_LORA_RANK, _LORA_ALPHA, _LORA_DROPOUT, _LORA_RATE = 16, 32, 0.05, 10
_UNBOUNDED_STEPS = 1_000_000
_STEPS_BETWEEN_TRIMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FitSettings:
    """How to train.

    Args:
        steps: Batches at most; `None` is one look at every example, or what `limit` allows.
        limit: How long it may take.
        method: `full` trains every weight, `lora` small factors beside them, merged into them at the end.
        dimensions: Parts of the vector that are to serve by themselves, besides all of it; `None` is half and a
            quarter of it.
        fgm: How far word vectors are pushed against the loss, by their length; 0 is not at all.
        batch: Examples a step.
        seed: Decides what is left to chance.
        rate: How fast weights learn; LoRA's factors learn ten times as fast.
        rate_of_new: How fast rows of new words learn, which have most to learn.
    """

    steps: int | None = None
    limit: timedelta | None = None
    method: Method = "full"
    dimensions: tuple[int, ...] | None = None
    fgm: float = 0.0
    batch: int = 32
    seed: int = 0
    rate: float = 2e-5
    rate_of_new: float = 5e-4


@dataclass(frozen=True, slots=True, kw_only=True)
class Curriculum:
    """What to learn from and what to be judged by.

    Args:
        training: In the order they are learnt in, each with a negative.
        stopping: Says which state is kept.
        judging: Says what it is worth, and is not looked at before the end.
        kept: Texts whose vectors are to stay as they are: of languages that nothing is learnt in.
        wording: New words, if any. They are learnt with their meanings, too.
        readable: Texts that could be read before there were new words, whose vectors are then to stay as well.
    """

    training: Sequence[Example]
    stopping: Bench
    judging: Bench
    kept: Sequence[str] = ()
    wording: Wording | None = None
    readable: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What came of a training.

    Args:
        report: Before and after, by what judges.
        steps: How many were taken.
        kept_step: After how many the state that was kept stood; 0 is before any.
        new_rows: How many characters and words the model was given, or got anew.
        dimensions: Those that were trained, the whole width first.
        took: From loading the base to the written checkpoint.
        device: What it ran on.
    """

    report: Report
    steps: int
    kept_step: int
    new_rows: int
    dimensions: tuple[int, ...]
    took: timedelta
    device: str


@dataclass(slots=True)
class _Best:
    """The state that did best so far, how many steps were taken, and how often since then another did not do better."""

    value: float = float("-inf")
    step: int = 0
    steps: int = 0
    misses: int = 0
    weights: dict[str, torch.Tensor] = field(default_factory=dict)


def check_installed() -> None:
    """See that what training needs is installed.

    Raises:
        TrainingFailed: It is not; the text says how to.
    """
    try:
        import datasets  # noqa: F401
        import peft  # noqa: F401
    except ImportError as error:
        raise TrainingFailed("needs more packages: pip install -e '.[train]'") from error


def fit(base: str, folder: Path, lesson: Curriculum, settings: FitSettings, progress: Progress) -> Fitted:
    """Train `base` and write the checkpoint, a plain sentence-transformers model, into `folder`.

    Raises:
        TrainingFailed: The packages for it are not installed, or the checkpoint cannot be written.
        EncoderUnavailable: The base cannot be loaded.
        InputError: The base has no such dimensions.
    """
    began = time.monotonic()
    check_installed()
    keep_freed_memory()
    with quietly():
        student = Student(base)
        dimensions = student.dimensions(settings.dimensions)
        before = student.ranked(lesson.judging)
        data = _prepared(student, lesson)
        best = _train(student, data, lesson, dimensions, settings, progress)
        report = compare(lesson.judging, before, student.ranked(lesson.judging))
        student.save(folder)
    return Fitted(
        report=report,
        steps=best.steps,
        kept_step=best.step,
        new_rows=len(student.new_rows),
        dimensions=dimensions,
        took=timedelta(seconds=time.monotonic() - began),
        device=str(student.model.device),
    )


def _prepared(student: Student, lesson: Curriculum) -> dict[str, Dataset]:
    """What is learnt, once the model has the words for it."""
    wording = lesson.wording if lesson.wording is not None and student.lacks_words(lesson.wording) else None
    texts = (*lesson.kept, *(lesson.readable if wording is not None else ()))
    anchored = Anchored(texts=texts, vectors=student.vectors(texts, query=False, unit=False))
    meanings: list[tuple[str, str]] = []
    if wording is not None:
        student.learn_words(wording)
        meanings = explained(wording.seen, wording.glossary)
    return datasets_of(lesson.training, anchored, meanings)


def _train(
    student: Student,
    data: Mapping[str, Dataset],
    lesson: Curriculum,
    dimensions: tuple[int, ...],
    settings: FitSettings,
    progress: Progress,
) -> _Best:
    """Train the model, and leave it in the state that did best."""
    from transformers import set_seed

    set_seed(settings.seed)
    model = student.model
    read_to = model.max_seq_length
    model.max_seq_length = min(read_to or _TOKENS_LEARNT, _TOKENS_LEARNT)
    adapted = _adapted(student) if settings.method == "lora" else None
    in_order = InOrder(lesson.training)
    whole = sum(len(in_order.batches(each, settings.batch)) for each in data.values())
    steps = settings.steps or (_UNBOUNDED_STEPS if settings.limit else whole)
    pace = Pace(steps, settings.limit)
    best = _Best()
    with tempfile.TemporaryDirectory(prefix="tidings-training-") as folder:
        trainer = _trainer(
            Adversary(student.words, settings.fgm) if settings.fgm else None,
            model=model,
            args=_arguments(student, folder, steps, in_order, settings),
            train_dataset=dict(data),
            loss=_losses(student, data, dimensions),
            optimizers=_optimizers(student, settings, pace),
            callbacks=[_watch(student, lesson.stopping, best, pace, steps, progress)],
        )
        trainer.train()
    _restore(student, best)
    if adapted is not None:
        adapted.merge_and_unload()
    model.max_seq_length = read_to
    return best


def _trainer(adversary: Adversary | None, **parts: Any) -> Any:
    """A trainer that looks at each batch twice where there is an adversary, and prints nothing."""
    from sentence_transformers import SentenceTransformerTrainer
    from transformers import PrinterCallback

    class Trainer(SentenceTransformerTrainer):
        def training_step(self, model: Any, inputs: dict[str, Any], num_items_in_batch: Any = None) -> Any:
            if adversary is None:
                return super().training_step(model, inputs, num_items_in_batch)
            with adversary.watching():
                loss = super().training_step(model, dict(inputs), num_items_in_batch)
            with adversary.pushing():
                super().training_step(model, dict(inputs), num_items_in_batch)
            return loss

        def add_model_card_callback(self, default_args_dict: dict[str, Any]) -> None:
            """No card: it would encode examples for it, and look things up on the model hub."""

    trainer = Trainer(**parts)
    trainer.remove_callback(PrinterCallback)
    return trainer


def _arguments(student: Student, folder: str, steps: int, in_order: InOrder, settings: FitSettings) -> Any:
    import torch
    from sentence_transformers import SentenceTransformerTrainingArguments

    on_processor = student.model.device.type == "cpu"
    query, document = student.prompts
    prompts = {"anchor": query, "positive": document, "negative": document, "sentence": document}
    return SentenceTransformerTrainingArguments(
        output_dir=folder,
        max_steps=steps,
        per_device_train_batch_size=settings.batch,
        batch_sampler=in_order,
        max_grad_norm=_CLIPPED_AT,
        prompts={column: prompt for column, prompt in prompts.items() if prompt} or None,
        seed=settings.seed,
        use_cpu=on_processor,
        bf16=not on_processor or gains_from_bfloat16(torch.cpu.get_capabilities()),
        save_strategy="no",
        logging_strategy="no",
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


def _losses(student: Student, data: Mapping[str, Dataset], dimensions: tuple[int, ...]) -> dict[str, Any]:
    import torch
    from sentence_transformers.sentence_transformer.losses import MatryoshkaLoss, MultipleNegativesRankingLoss

    model = student.model

    class Stay(torch.nn.Module):
        """One minus the cosine to where the base put the text."""

        def forward(self, features: Any, labels: torch.Tensor) -> torch.Tensor:
            vectors = model(next(iter(features)))["sentence_embedding"]
            return _KEPT_WEIGHT * (1 - torch.nn.functional.cosine_similarity(vectors, labels)).mean()

    ranking: Any = MultipleNegativesRankingLoss(model, scale=_SCALE)
    if len(dimensions) > 1:
        ranking = MatryoshkaLoss(model, ranking, matryoshka_dims=list(dimensions))
    return {name: Stay() if name == KEPT else ranking for name in data}


def _optimizers(student: Student, settings: FitSettings, pace: Pace) -> tuple[Any, Any]:
    """Rows of new words learn by themselves, at their own rate, and leave the old ones where they are."""
    import torch

    table = student.words.weight
    growing = bool(len(student.new_rows))
    if growing:
        table.requires_grad_(requires_grad=True)
        new = torch.zeros(len(table), 1, device=table.device)
        new[torch.from_numpy(student.new_rows)] = 1
        table.register_hook(lambda gradient: gradient * new.to(gradient.device))
    rate = settings.rate * (_LORA_RATE if settings.method == "lora" else 1)
    trained = [each for each in student.model.parameters() if each.requires_grad and not (growing and each is table)]
    groups: list[dict[str, Any]] = [{"params": trained, "lr": rate, "weight_decay": _DECAY}]
    if growing:
        groups.append({"params": [table], "lr": settings.rate_of_new, "weight_decay": 0.0})
    optimizer = torch.optim.AdamW(groups)
    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, pace.rate)


def _watch(
    student: Student, stopping: Bench, best: _Best, pace: Pace, steps: int, progress: Progress
) -> TrainerCallback:
    """Looks now and then how well the model does, remembers the best state, and stops when it has not gained."""
    from transformers import TrainerCallback

    _remember(student, best, stopping)
    checked = 0

    class Watch(TrainerCallback):
        def on_step_end(self, args: Any, state: Any, control: Any, **_more: Any) -> None:  # noqa: ARG002
            nonlocal checked
            best.steps = state.global_step
            done = pace.done(best.steps)
            progress("training", best.steps, steps if steps < _UNBOUNDED_STEPS else None)
            if best.steps % _STEPS_BETWEEN_TRIMS == 0:
                give_back()
            if int(done * _CHECKS) > checked:
                checked = int(done * _CHECKS)
                _remember(student, best, stopping)
            if done >= 1 or best.misses >= _PATIENCE:
                control.should_training_stop = True

    return Watch()


def _remember(student: Student, best: _Best, stopping: Bench) -> None:
    """Keep the state the model is in, where it does better than the one that is kept."""
    value = score(student.ranked(stopping))
    if value <= best.value:
        best.misses += 1
        return
    best.value, best.step, best.misses = value, best.steps, 0
    trained = ((name, weight) for name, weight in student.model.named_parameters() if weight.requires_grad)
    best.weights = {name: weight.detach().cpu().clone() for name, weight in trained}


def _restore(student: Student, best: _Best) -> None:
    import torch

    with torch.no_grad():
        for name, weight in student.model.named_parameters():
            if name in best.weights:
                weight.copy_(best.weights[name])


def _adapted(student: Student) -> LoraModel:
    """Small trainable factors beside the model's weights, which stay as they are."""
    from peft import LoraConfig, LoraModel

    factors = LoraConfig(r=_LORA_RANK, lora_alpha=_LORA_ALPHA, lora_dropout=_LORA_DROPOUT, target_modules="all-linear")
    return LoraModel(student.encoder, factors, "tidings")
