//! Host functions that wait: code that is left, gone on with and dropped, and who borrows the store meanwhile.

use super::{Data, Wasm, i32_to_i32, store, wasm};
use crate::activation::ValRaw;
use crate::activation::frames::STATUS_SUSPENDED;
use crate::{
    AsContextMut, Caller, Error, ExternRef, Func, Result, Store, StoreLimits, Trap, TypedFunc,
};
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::ptr::NonNull;
use core::task::{Context, Poll, Waker};
use std::boxed::Box;

impl Wasm {
    /// Calls a host function. If it waits, `next` is what the code goes on with, with the same values.
    fn call_waiting(
        &self,
        func: Func,
        values: *mut ValRaw,
        next: NonNull<Wasm>,
    ) -> Result<(), usize> {
        let called = self.call(func, values);
        if called == Err(STATUS_SUSPENDED) {
            // SAFETY: the store's own context, whose code is being left: as the assembly and the model's `resume` have it.
            unsafe {
                let context = self.context();
                let suspension = (*(*context).poller).suspension.as_mut_ptr();
                (*suspension).stack_pointer = (*context).stack_pointer;
                (*suspension).registers = [
                    super::code as *const u8 as usize,
                    next.as_ptr().expose_provenance(),
                    values.expose_provenance(),
                ];
            }
        }
        called
    }
}

/// Not ready that many times.
async fn pend(mut times: u32) {
    poll_fn(|task| {
        if times == 0 {
            return Poll::Ready(());
        }
        times -= 1;
        task.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

/// The output, and how often it was not ready.
fn end<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    for waits in 0.. {
        if let Poll::Ready(output) = poll(future.as_mut()) {
            return (output, waits);
        }
    }
    unreachable!()
}

/// Code that calls `host`, twice.
fn calls_twice(store: &Store<Data>, host: Func) -> TypedFunc<i32, i32> {
    let ty = i32_to_i32(store);
    let (last, _) = wasm(store, ty.clone(), |_, values| {
        // SAFETY: a result, which is the host function's.
        unsafe { *values = ValRaw::i32((*values).get_i32() + 100) };
        Ok(())
    });
    let (again, _) = wasm(store, ty.clone(), move |wasm, values| {
        wasm.call_waiting(host, values, last)?;
        // SAFETY: a result, which is the host function's.
        unsafe { *values = ValRaw::i32((*values).get_i32() + 100) };
        Ok(())
    });
    let (_, first) = wasm(store, ty, move |wasm, values| {
        wasm.call_waiting(host, values, again)?;
        // SAFETY: all of it lives as long as the program.
        let again = unsafe { again.as_ref() };
        (again.body)(again, values)
    });
    first.typed(store).expect("its type")
}

/// Notes in its store that it was dropped.
struct Dropped<'a>(Caller<'a, Data>);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.data_mut().calls += 1000;
    }
}

/// Waits twice, with the store; a negative value is an error.
fn waits(store: &mut Store<Data>) -> Func {
    Func::wrap_async(store, |caller: Caller<'_, Data>, (value,): (i32,)| {
        Box::new(async move {
            let mut caller = Dropped(caller);
            let object = ExternRef::new(&mut caller.0, value)?;
            for _ in 0..2 {
                caller.0.data_mut().calls += 1;
                pend(1).await;
                caller.0.gc(None)?;
                let data = object.data(&caller.0)?;
                assert_eq!(data.and_then(|any| any.downcast_ref()), Some(&value));
            }
            match value {
                0.. => Ok(value + 1),
                _ => Err(Error::msg("negative")),
            }
        })
    })
}

#[test]
fn left_and_gone_on_with() {
    let mut store = store(StoreLimits::default());
    let host = waits(&mut store);
    let twice = calls_twice(&store, host);
    let (result, waited) = end(twice.call_async(&mut store, 5));
    assert_eq!((result.expect("a result"), waited), (5 + 1 + 1 + 100, 4));
    assert_eq!(store.data().calls, 2 * 1002);
    let (result, _) = end(twice.call_async(&mut store, -9));
    assert_eq!(
        std::format!("{}", result.expect_err("it fails").root_cause()),
        "negative"
    );
    assert_eq!(store.data().calls, 3 * 1002);
    // By the host.
    let host: TypedFunc<i32, i32> = host.typed(&store).expect("its type");
    let (result, waited) = end(host.call_async(&mut store, 7));
    assert_eq!((result.expect("a result"), waited), (8, 2));
}

#[test]
fn dropped_while_it_waits() {
    let mut store = store(StoreLimits::default());
    let host = waits(&mut store);
    let twice = calls_twice(&store, host);
    for polls in 0_u32..5 {
        let before = store.data().calls;
        {
            let mut call = pin!(twice.call_async(&mut store, 5));
            for _ in 0..polls {
                assert!(poll(call.as_mut()).is_pending());
            }
        }
        let begun = polls.div_ceil(2);
        assert_eq!(store.data().calls - before, 1000 * begun + polls);
        let (result, _) = end(twice.call_async(&mut store, 1));
        assert_eq!(result.expect("a result"), 103);
    }
    // A call that can't wait drops what would.
    let before = store.data().calls;
    twice.call(&mut store, 5).expect_err("it waits");
    assert_eq!(store.data().calls - before, 1001);
}

#[test]
fn one_in_another() {
    let mut store = store(StoreLimits::default());
    let inner = waits(&mut store);
    let inner = calls_twice(&store, inner);
    let host = Func::wrap_async(
        &mut store,
        move |mut caller: Caller<'_, Data>, (value,): (i32,)| {
            Box::new(async move {
                // Dropped where it waits; then to its end.
                {
                    let mut call = pin!(inner.call_async(&mut caller, value));
                    assert!(poll(call.as_mut()).is_pending());
                }
                caller.as_context_mut().data_mut().calls += 1;
                pend(1).await;
                inner.call_async(&mut caller, value).await
            })
        },
    );
    let outer = calls_twice(&store, host);
    let (result, waited) = end(outer.call_async(&mut store, 5));
    assert_eq!(result.expect("a result"), 5 + 2 * 102 + 100);
    assert_eq!(waited, 2 * (1 + 4));
    for polls in 0..10 {
        let mut call = pin!(outer.call_async(&mut store, 5));
        for _ in 0..polls {
            assert!(poll(call.as_mut()).is_pending());
        }
    }
    let (result, _) = end(outer.call_async(&mut store, -5));
    result.expect_err("it fails");
}

#[test]
fn a_trap_after_it() {
    let mut store = store(StoreLimits::default());
    let host = waits(&mut store);
    let ty = i32_to_i32(&store);
    let (trap, _) = wasm(&store, ty.clone(), |wasm, _| {
        Err(wasm.trap(Trap::IntegerOverflow))
    });
    let (_, first) = wasm(&store, ty, move |wasm, values| {
        wasm.call_waiting(host, values, trap)
    });
    let first: TypedFunc<i32, i32> = first.typed(&store).expect("its type");
    let (result, waited) = end(first.call_async(&mut store, 5));
    let error = result.expect_err("a trap");
    assert_eq!(
        (error.downcast_ref(), waited),
        (Some(&Trap::IntegerOverflow), 2)
    );
}

#[cfg(feature = "exceptions")]
#[test]
fn a_throw_after_it() {
    use crate::{
        ExnRef, ExnRefPre, ExnType, FuncType, Tag, TagType, ThrownException, Val, ValType,
    };
    let mut store = store(StoreLimits::default());
    let ty = FuncType::new(store.engine(), [ValType::I32], []);
    let tag = Tag::new(&mut store, &TagType::new(ty)).expect("a tag");
    let host = Func::wrap_async(
        &mut store,
        move |mut caller: Caller<'_, Data>, (value,): (i32,)| {
            Box::new(async move {
                pend(1).await;
                let ty = ExnType::from_tag_type(&tag.ty(&caller))?;
                let pre = ExnRefPre::new(&mut caller, ty);
                let exception = ExnRef::new(&mut caller, &pre, &tag, &[Val::I32(value)])?;
                caller.as_context_mut().throw::<i32>(exception)
            })
        },
    );
    let twice = calls_twice(&store, host);
    let (result, _) = end(twice.call_async(&mut store, 3));
    assert!(result.expect_err("thrown").is::<ThrownException>());
    let exception = store.take_pending_exception().expect("it is pending");
    let field = exception.field(&mut store, 0).expect("a field");
    assert_eq!(field.unwrap_i32(), 3);
}

#[cfg(feature = "std")]
#[test]
fn a_panic_after_it() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let mut store = store(StoreLimits::default());
    let host = Func::wrap_async(&mut store, |_: Caller<'_, Data>, (value,): (i32,)| {
        Box::new(async move {
            pend(1).await;
            assert!(value > 0, "it is not");
            value
        })
    });
    let twice = calls_twice(&store, host);
    catch_unwind(AssertUnwindSafe(|| end(twice.call_async(&mut store, -1))))
        .expect_err("it panics");
    let (result, _) = end(twice.call_async(&mut store, 1));
    assert_eq!(result.expect("a result"), 101);
}

/// Panics when it is dropped, but for a panic.
#[cfg(feature = "std")]
struct Panics;

#[cfg(feature = "std")]
impl Drop for Panics {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "it is dropped");
    }
}

#[cfg(feature = "std")]
#[test]
fn a_panic_where_it_is_dropped() {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    let mut store = store(StoreLimits::default());
    let host = Func::wrap_async(
        &mut store,
        |mut caller: Caller<'_, Data>, (value,): (i32,)| {
            Box::new(async move {
                let _panics = (value < 0).then(|| Panics);
                ExternRef::new(&mut caller, value)?;
                pend(1).await;
                Result::Ok(value)
            })
        },
    );
    let twice = calls_twice(&store, host);
    let scopes = |store: &Store<Data>| store.inner().opaque.roots.enter();
    let before = scopes(&store);
    let direct: TypedFunc<i32, i32> = host.typed(&store).expect("its type");
    for func in [twice, direct] {
        for polls in 1..3 {
            catch_unwind(AssertUnwindSafe(|| {
                let mut call = pin!(func.call_async(&mut store, -1));
                for _ in 0..polls {
                    assert!(poll(call.as_mut()).is_pending());
                }
            }))
            .expect_err("it panics");
            assert_eq!(scopes(&store), before);
        }
        let (result, _) = end(func.call_async(&mut store, 1));
        assert!(result.is_ok());
    }
}
