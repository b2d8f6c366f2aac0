//! What a store asks its limiter about growth, and how work goes on whose limiter answers later.
//!
//! What may ask is written as if the answer came at once. If it does not, the work fails, with a future left behind
//! ([`Asked`]). When that is ready, the work is done again from its beginning, and finds the answers that there were. So it
//! must change nothing before it asks that it would not change again: growth asks first, an instantiation that fails takes
//! back what it has made, and a collection leaves what the next one finds as it is.

use super::limits::ResourceLimiter;
use super::{Growing, Question, RawStore, Store, StoreInner, StoreOpaque};
use crate::abi::traps::Trap;
use crate::activation::signals::Interrupts;
use crate::activation::suspension::{Polling, waker};
use crate::error::Result;
use crate::error::bounded::format_err;
use crate::oom;
use crate::{Error, ResourceLimiterAsync};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::{Future, poll_fn};
use core::mem;
use core::pin::{Pin, pin};
use core::ptr::NonNull;
use core::task::{Context, Poll, Waker, ready};

/// A limiter's answer to come.
type Answer = Pin<Box<dyn Future<Output = Result<bool>> + Send>>;

/// Has the limiter in the store's data begin to answer. The answer has that data until it is gone.
type Start = Box<dyn FnMut(NonNull<StoreOpaque>, Question) -> Answer + Send + Sync>;

/// What a store has for limiters that answer later.
#[derive(Default)]
pub(crate) struct Asking {
    /// `None`: the store's limiter answers at once.
    start: Option<Start>,
    /// That of the work that is being done, if it can wait.
    asked: Option<Asked>,
}

/// The answers of a limiter to what some work has asked, in order.
#[derive(Default)]
pub(crate) struct Asked {
    answers: Vec<(Question, bool)>,
    /// How many of them the work has asked for, since it began.
    next: usize,
    /// The answer that the work waits for.
    waits: Option<(Question, Answer)>,
}

impl Asked {
    /// Does work that may ask the limiter, of the store that the caller has; again, when the limiter answers.
    ///
    /// The store's context names the waker of this `task`.
    ///
    /// # Errors
    /// The limiter's; those of `work`.
    pub(crate) fn poll<R>(
        &mut self,
        store: &mut StoreOpaque,
        task: &mut Context<'_>,
        mut work: impl FnMut(&mut StoreOpaque) -> Result<R>,
    ) -> Poll<Result<R>> {
        if let Some((question, answer)) = &mut self.waits {
            let (question, answer) = (*question, ready!(answer.as_mut().poll(task)));
            // Dropped before anybody else reaches the store's data.
            self.waits = None;
            oom::push(&mut self.answers, (question, answer?))?;
        }
        self.next = 0;
        let done = {
            let round = Round::begin(self, store);
            work(round.store)
        };
        match self.waits {
            None => Poll::Ready(done),
            // The answer has been polled, by this task.
            Some(_) => Poll::Pending,
        }
    }

    /// The answer to a question, of the store whose limiter `start` asks. `Ok(None)`: it comes later.
    fn answer(
        &mut self,
        question: Question,
        start: impl FnOnce() -> Answer,
        task: &mut Context<'_>,
    ) -> Result<Option<bool>> {
        match self.answers.get(self.next) {
            Some((asked, answer)) if *asked == question => {
                self.next += 1;
                return Ok(Some(*answer));
            }
            // The work goes another way than before.
            _ => self.answers.truncate(self.next),
        }
        let mut answer = start();
        Ok(match answer.as_mut().poll(task) {
            Poll::Ready(answer) => {
                let answer = answer?;
                oom::push(&mut self.answers, (question, answer))?;
                self.next += 1;
                Some(answer)
            }
            Poll::Pending => {
                self.waits = Some((question, answer));
                None
            }
        })
    }
}

/// As long as it lives, the store's work finds the answers.
struct Round<'a> {
    asked: &'a mut Asked,
    store: &'a mut StoreOpaque,
}

impl<'a> Round<'a> {
    fn begin(asked: &'a mut Asked, store: &'a mut StoreOpaque) -> Self {
        store.asking.asked = Some(mem::take(asked));
        Self { asked, store }
    }
}

impl Drop for Round<'_> {
    fn drop(&mut self) {
        *self.asked = self.store.asking.asked.take().unwrap_or_default();
    }
}

/// Does work that may ask the limiter, again when that answers.
///
/// # Errors
/// The limiter's; those of `work`.
pub(crate) async fn asking<R>(
    mut store: RawStore<'_>,
    work: impl FnMut(&mut StoreOpaque) -> Result<R>,
) -> Result<R> {
    let mut asking = Work::new(work);
    poll_fn(|task| asking.poll(&mut store, task)).await
}

/// As [`asking`], of what ends when the store is to stop.
///
/// # Errors
/// As for [`asking`]; [`Trap::Interrupt`] if the store is to stop.
pub(crate) async fn asking_until_stopped<R>(
    mut store: RawStore<'_>,
    work: impl FnMut(&mut StoreOpaque) -> Result<R>,
) -> Result<R> {
    let Some(interrupts) = store.interrupts.clone() else {
        return asking(store, work).await;
    };
    let mut asking = Work::new(work);
    let told = Told(interrupts.clone());
    poll_fn(move |task: &mut Context<'_>| -> Poll<Result<R>> {
        let interrupts = &told.0;
        interrupts.forget_waker();
        if !interrupts.must_stop() {
            match asking.poll(&mut store, task) {
                Poll::Ready(done) => return Poll::Ready(done),
                Poll::Pending => interrupts.set_waker(task.waker())?,
            }
            if !interrupts.must_stop() {
                return Poll::Pending;
            }
        }
        // What it waits for has the store's data.
        asking.asked.waits = None;
        store.call_interrupted(interrupts);
        Poll::Ready(Err(Trap::Interrupt.into()))
    })
    .await
}

/// Work of the host's that may ask the limiter.
struct Work<F> {
    asked: Asked,
    work: F,
}

impl<F> Work<F> {
    fn new(work: F) -> Self {
        let asked = Asked::default();
        Self { asked, work }
    }

    fn poll<R>(&mut self, store: &mut StoreOpaque, task: &mut Context<'_>) -> Poll<Result<R>>
    where
        F: FnMut(&mut StoreOpaque) -> Result<R>,
    {
        // SAFETY: the store is borrowed, and the waker there, until this returns.
        let _polling = unsafe { Polling::begin(store.context.as_ptr(), task.waker()) };
        self.asked.poll(store, task, &mut self.work)
    }
}

/// Who interrupts the store has a waker, until this is dropped.
struct Told(Arc<Interrupts>);

impl Drop for Told {
    fn drop(&mut self) {
        self.0.forget_waker();
    }
}

impl Asking {
    /// The store's limiter is another, that answers at once.
    pub(super) fn answers_at_once(&mut self) {
        self.start = None;
    }
}

impl StoreOpaque {
    /// Whether the store's limiter may answer later.
    pub(crate) fn limiter_may_wait(&self) -> bool {
        self.asking.start.is_some()
    }

    /// Whether something may grow; `true` where there is no limiter.
    ///
    /// # Errors
    /// The limiter's. Its answer comes later: who can wait for it has it from [`Asked`].
    pub(crate) fn may_grow(&mut self, question: Question) -> Result<bool> {
        // SAFETY: the context is this store's (*owned*).
        let (whole, context) = unsafe { ((*self.context.as_ptr()).store, self.context.as_ptr()) };
        let Asking { start, asked } = &mut self.asking;
        if let (Some(start), Some(asked), Some(whole)) = (start, asked, whole) {
            // SAFETY: it has the waker of who polls the work.
            let mut task = Context::from_waker(unsafe { waker(context) });
            let answer = asked.answer(question, || start(whole.cast(), question), &mut task)?;
            return answer.ok_or_else(|| has_to_wait("limiter"));
        }
        self.ask_limiter(Ok(true), |limiter| question.ask(limiter))
    }

    /// Whether the work that is being done has failed, to be done again when the limiter has answered.
    pub(super) fn asks_later(&self) -> bool {
        let asked = self.asking.asked.as_ref();
        asked.is_some_and(|asked| asked.waits.is_some())
    }

    /// Does `work`, whose fuel is counted once, however often it is done again for a limiter that answers later.
    ///
    /// # Errors
    /// Those of `work`.
    pub(crate) fn counting_fuel_once<R>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<R>,
    ) -> Result<R> {
        let fuel = self.get_fuel();
        let done = work(self);
        if let (true, Ok(fuel)) = (self.asks_later(), fuel) {
            self.set_fuel(fuel)?;
        }
        done
    }
}

impl Question {
    fn ask_later(self, limiter: &mut dyn ResourceLimiterAsync) -> BoxFuture<'_> {
        let Self {
            what,
            current,
            desired,
            maximum,
        } = self;
        match what {
            Growing::Memory => limiter.memory_growing(current, desired, maximum),
            Growing::Table => limiter.table_growing(current, desired, maximum),
        }
    }
}

type BoxFuture<'a> = Pin<Box<dyn Future<Output = Result<bool>> + Send + 'a>>;

/// The error of what can't wait for an answer of this of the store's.
#[cold]
pub(super) fn has_to_wait(who: &str) -> Error {
    format_err!(
        "the store's {who} has to wait, which only asynchronous calls can, and functions whose names end with `_async`"
    )
}

/// A limiter whose answers can't be waited for.
struct AtOnce<'a>(&'a mut dyn ResourceLimiterAsync);

fn at_once(answer: impl Future<Output = Result<bool>>) -> Result<bool> {
    match pin!(answer).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer,
        Poll::Pending => Err(has_to_wait("limiter")),
    }
}

impl ResourceLimiter for AtOnce<'_> {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        at_once(self.0.memory_growing(current, desired, maximum))
    }

    fn memory_grow_failed(&mut self, error: Error) -> Result<()> {
        self.0.memory_grow_failed(error)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        at_once(self.0.table_growing(current, desired, maximum))
    }

    fn table_grow_failed(&mut self, error: Error) -> Result<()> {
        self.0.table_grow_failed(error)
    }

    fn total_memory_size(&self) -> Option<usize> {
        self.0.total_memory_size()
    }

    fn total_table_elements(&self) -> Option<usize> {
        self.0.total_table_elements()
    }

    fn gc_heap_size(&self) -> Option<usize> {
        self.0.gc_heap_size()
    }

    fn instances(&self) -> usize {
        self.0.instances()
    }

    fn tables(&self) -> usize {
        self.0.tables()
    }

    fn memories(&self) -> usize {
        self.0.memories()
    }
}

impl<T: 'static> Store<T> {
    /// As [`limiter`](Self::limiter), with a limiter that may answer later: what is to grow waits for the answer, and others
    /// have their turn meanwhile. Of the two, the store has the one that was set last.
    ///
    /// Wasm code waits in `memory.grow` and `table.grow`, and where it makes objects, if it was called by
    /// [`Func::call_async`](crate::Func::call_async) and the like; an instantiation by
    /// [`Instance::new_async`](crate::Instance::new_async) and the like; the host in
    /// [`Memory::new_async`](crate::Memory::new_async), [`Memory::grow_async`](crate::Memory::grow_async),
    /// [`Table::new_async`](crate::Table::new_async), [`Table::grow_async`](crate::Table::grow_async),
    /// [`StructRef::new_async`](crate::StructRef::new_async), [`ArrayRef::new_async`](crate::ArrayRef::new_async) and the like, and
    /// [`gc_async`](Self::gc_async). All else polls the answer once. If it is not ready then, that fails with an error that
    /// says so: [`Func::call`](crate::Func::call), [`Memory::grow`](crate::Memory::grow),
    /// [`StructRef::new`](crate::StructRef::new) ...
    /// (In Wasmtime all of these fail.)
    ///
    /// What waits for the heap of objects to grow has collected garbage before, and collects again when it goes on.
    ///
    /// ```
    /// # use wasmetal::{Config, Engine};
    /// use std::future::Future;
    /// use std::pin::Pin;
    /// use wasmetal::{Memory, MemoryType, ResourceLimiterAsync, Result, Store};
    ///
    /// /// Asks somebody else.
    /// struct Quota;
    ///
    /// impl Quota {
    ///     async fn allows(&mut self, bytes: usize) -> Result<bool> {
    ///         // ... a message to who has the quota, whose answer is awaited.
    ///         Ok(bytes <= 1 << 20)
    ///     }
    /// }
    ///
    /// type Answer<'a> = Pin<Box<dyn Future<Output = Result<bool>> + Send + 'a>>;
    ///
    /// // With `#[async_trait::async_trait]` these may be an `async fn`.
    /// impl ResourceLimiterAsync for Quota {
    ///     fn memory_growing<'a, 'b>(&'a mut self, _: usize, desired: usize, _: Option<usize>) -> Answer<'b>
    ///     where
    ///         'a: 'b,
    ///         Self: 'b,
    ///     {
    ///         Box::pin(self.allows(desired))
    ///     }
    ///
    ///     fn table_growing<'a, 'b>(&'a mut self, _: usize, _: usize, _: Option<usize>) -> Answer<'b>
    ///     where
    ///         'a: 'b,
    ///         Self: 'b,
    ///     {
    ///         Box::pin(async { Ok(true) })
    ///     }
    /// }
    ///
    /// # let engine = Engine::new(&Config::new(wasmetal_platform_linux::platform()))?;
    /// let mut store = Store::new(&engine, Quota);
    /// store.limiter_async(|quota| quota);
    /// # fn block_on<F: Future>(future: F) -> F::Output {
    /// #     let mut future = std::pin::pin!(future);
    /// #     let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    /// #     loop { if let std::task::Poll::Ready(output) = future.as_mut().poll(&mut task) { break output } }
    /// # }
    /// block_on(async {
    ///     let memory = Memory::new_async(&mut store, MemoryType::new(1, None)).await?;
    ///     assert_eq!(memory.grow_async(&mut store, 3).await?, 1);
    ///     assert!(memory.grow_async(&mut store, 16).await.is_err());
    ///     wasmetal::error::Ok(())
    /// })?;
    /// # wasmetal::error::Ok(())
    /// ```
    pub fn limiter_async(
        &mut self,
        limiter: impl (FnMut(&mut T) -> &mut dyn ResourceLimiterAsync) + Send + Sync + 'static,
    ) {
        // Both ways to ask find the limiter by the one closure, one at a time.
        let limiter = Arc::new(spin::Mutex::new(limiter));
        let find = limiter.clone();
        self.limit(move |data, ask| ask(&mut AtOnce((find.lock())(data))));
        self.raw().asking.start = Some(Box::new(move |store, question| {
            // SAFETY: `store` is the `StoreContext::store` of this very store (*store first*). The code that asks has
            // borrowed that without its data, and until the answer is gone nobody else has it: who waits keeps the borrow.
            let data: &'static mut T =
                unsafe { &mut (*store.cast::<StoreInner<T>>().as_ptr()).data };
            question.ask_later((limiter.lock())(data))
        }));
    }
}
