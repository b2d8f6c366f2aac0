;; Atomic operators check alignment, then bounds. Lengths of a shared memory are loaded anew behind them; its base is
;; constant.
;;! x86_64 optimized faults
;;! x86_64 optimized checks
;;! aarch64 machine faults

(module
  (memory 1 2 shared)
  (func $aligned_by_the_index (result i64)
    (i64.atomic.load offset=8 (i32.const 16)))
  (func $never_aligned (result i32)
    (i32.atomic.load offset=2 (i32.const 0)))
  (func $rmw (param i32 i64) (result i64)
    (i64.atomic.rmw16.add_u offset=3 (local.get 0) (local.get 1)))
  (func $cmpxchg (param i32 i64 i64) (result i64)
    (i64.atomic.rmw32.cmpxchg_u (local.get 0) (local.get 1) (local.get 2)))
  (func $wait (param i32 i64) (result i32)
    (memory.atomic.wait64 offset=8 (local.get 0) (local.get 1) (i64.const -1)))
  (func $spin (param i32)
    (loop $again
      (br_if $again (i32.eqz (i32.atomic.load (i32.const 0))))
      (i32.store (local.get 0) (memory.size))
      (br_if $again (i32.load (local.get 0)))))
  (func $plain (param i32)
    (loop $again
      (br_if $again (i32.load8_u (local.get 0)))))
)
;;= x86_64 optimized faults
;; function u0:0(i64 vmctx) -> i64 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v3 = load.i64 notrap aligned readonly can_move v2
;; @0041                               v4 = iconst.i64 24
;; @0041                               v5 = iadd v3, v4  ; v4 = 24
;; @0041                               v6 = atomic_load.i64 notrap little region0 v5
;; @0045                               return v6
;; }
;; function u0:1(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64):
;; @004a                               trap user3
;; }
;; function u0:2(i64 vmctx, i32, i64) -> i64 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;; @0055                               v6 = iconst.i32 1
;; @0055                               v7 = iadd v1, v6  ; v6 = 1
;; @0055                               v9 = band v7, v6  ; v6 = 1
;; @0055                               trapnz v9, user3
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v5 = load.i64 notrap aligned readonly can_move v4
;; @0055                               v10 = uextend.i64 v1
;; @0055                               v11 = iadd v5, v10
;; @0055                               v12 = iconst.i64 3
;; @0055                               v13 = iadd v11, v12  ; v12 = 3
;; @0055                               v3 = ireduce.i16 v2
;; @0055                               v14 = atomic_rmw.i16 add v13, v3
;; @0055                               v15 = uextend.i64 v14
;; @0059                               return v15
;; }
;; function u0:3(i64 vmctx, i32, i64, i64) -> i64 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i64, v3: i64):
;; @0062                               v8 = iconst.i32 3
;; @0062                               v9 = band v1, v8  ; v8 = 3
;; @0062                               trapnz v9, user3
;;                                     v6 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v7 = load.i64 notrap aligned readonly can_move v6
;; @0062                               v10 = uextend.i64 v1
;; @0062                               v11 = iadd v7, v10
;; @0062                               v4 = ireduce.i32 v2
;; @0062                               v5 = ireduce.i32 v3
;; @0062                               v12 = atomic_cas v11, v4, v5
;; @0062                               v13 = uextend.i64 v12
;; @0066                               return v13
;; }
;; function u0:4(i64 vmctx, i32, i64) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i64, i64, i64) -> i32 system_v
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;;                                     v10 = load.i64 notrap aligned readonly can_move v0+8
;; @006f                               v11 = load.i64 notrap aligned readonly can_move v10+112
;; @006f                               v4 = iconst.i32 0
;; @006f                               v7 = uextend.i64 v1
;; @006f                               v8 = iconst.i64 8
;; @006f                               v9 = iadd v7, v8  ; v8 = 8
;; @006d                               v3 = iconst.i64 -1
;; @006f                               v12 = call_indirect sig0, v11(v0, v4, v9, v2, v3)  ; v4 = 0, v3 = -1
;; @0073                               return v12
;; }
;; function u0:5(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v4 = load.i64 notrap aligned readonly can_move v3
;; @0078                               v2 = iconst.i32 0
;; @0083                               v9 = iconst.i64 8
;; @0083                               v10 = iadd v3, v9  ; v9 = 8
;; @0083                               v12 = iconst.i64 16
;; @0085                               v15 = uextend.i64 v1
;; @0085                               v16 = iadd v4, v15
;; @0076                               jump block1
;;
;;                                 block1:
;; @007a                               v5 = atomic_load.i32 notrap little region0 v4
;;                                     v20 = iconst.i32 0
;;                                     v21 = icmp eq v5, v20  ; v20 = 0
;; @007f                               brif v21, block1, block2
;;
;;                                 block2:
;;                                     v22 = iadd.i64 v3, v9  ; v9 = 8
;; @0083                               v11 = atomic_load.i64 notrap aligned region1 v22
;;                                     v23 = iconst.i64 16
;;                                     v24 = ushr v11, v23  ; v23 = 16
;; @0083                               v14 = ireduce.i32 v24
;; @0085                               store little region0 v14, v16
;; @008d                               brif v14, block1, block3
;;
;;                                 block3:
;; @0090                               return
;; }
;; function u0:6(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v4 = load.i64 notrap aligned readonly can_move v3
;; @0097                               v5 = uextend.i64 v1
;; @0097                               v6 = iadd v4, v5
;; @0093                               jump block1
;;
;;                                 block1:
;; @0097                               v7 = uload8.i32 little region0 v6
;; @009a                               brif v7, block1, block2
;;
;;                                 block2:
;; @009d                               return
;; }
;;= x86_64 optimized checks
;; function u0:0(i64 vmctx) -> i64 tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v3 = load.i64 notrap aligned readonly can_move v2
;; @0041                               v4 = iconst.i64 24
;; @0041                               v5 = iadd v3, v4  ; v4 = 24
;; @0041                               v6 = atomic_load.i64 notrap little region0 v5
;; @0045                               return v6
;; }
;; function u0:1(i64 vmctx) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64):
;; @004a                               trap user3
;; }
;; function u0:2(i64 vmctx, i32, i64) -> i64 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;; @0055                               v6 = iconst.i32 1
;; @0055                               v7 = iadd v1, v6  ; v6 = 1
;; @0055                               v9 = band v7, v6  ; v6 = 1
;; @0055                               trapnz v9, user3
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0055                               v11 = load.i64 notrap aligned region1 v4+8
;; @0055                               v12 = iconst.i64 5
;; @0055                               v13 = isub v11, v12  ; v12 = 5
;; @0055                               v10 = uextend.i64 v1
;; @0055                               v14 = icmp ult v13, v10
;; @0055                               trapnz v14, heap_oob
;; @0055                               v18 = iconst.i64 0
;;                                     v5 = load.i64 notrap aligned readonly can_move v4
;; @0055                               v15 = iadd v5, v10
;; @0055                               v16 = iconst.i64 3
;; @0055                               v17 = iadd v15, v16  ; v16 = 3
;; @0055                               v19 = select_spectre_guard v14, v18, v17  ; v18 = 0
;; @0055                               v3 = ireduce.i16 v2
;; @0055                               v20 = atomic_rmw.i16 add v19, v3
;; @0055                               v21 = uextend.i64 v20
;; @0059                               return v21
;; }
;; function u0:3(i64 vmctx, i32, i64, i64) -> i64 tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i64, v3: i64):
;; @0062                               v8 = iconst.i32 3
;; @0062                               v9 = band v1, v8  ; v8 = 3
;; @0062                               trapnz v9, user3
;;                                     v6 = load.i64 notrap aligned readonly can_move v0+32
;; @0062                               v11 = load.i64 notrap aligned region1 v6+8
;; @0062                               v12 = iconst.i64 4
;; @0062                               v13 = isub v11, v12  ; v12 = 4
;; @0062                               v10 = uextend.i64 v1
;; @0062                               v14 = icmp ult v13, v10
;; @0062                               trapnz v14, heap_oob
;; @0062                               v16 = iconst.i64 0
;;                                     v7 = load.i64 notrap aligned readonly can_move v6
;; @0062                               v15 = iadd v7, v10
;; @0062                               v17 = select_spectre_guard v14, v16, v15  ; v16 = 0
;; @0062                               v4 = ireduce.i32 v2
;; @0062                               v5 = ireduce.i32 v3
;; @0062                               v18 = atomic_cas v17, v4, v5
;; @0062                               v19 = uextend.i64 v18
;; @0066                               return v19
;; }
;; function u0:4(i64 vmctx, i32, i64) -> i32 tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i64, i64) -> i32 system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i64):
;;                                     v10 = load.i64 notrap aligned readonly can_move v0+8
;; @006f                               v11 = load.i64 notrap aligned readonly can_move v10+112
;; @006f                               v4 = iconst.i32 0
;; @006f                               v7 = uextend.i64 v1
;; @006f                               v8 = iconst.i64 8
;; @006f                               v9 = iadd v7, v8  ; v8 = 8
;; @006d                               v3 = iconst.i64 -1
;; @006f                               v12 = call_indirect sig0, v11(v0, v4, v9, v2, v3)  ; v4 = 0, v3 = -1
;; @0073                               return v12
;; }
;; function u0:5(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v4 = load.i64 notrap aligned readonly can_move v3
;; @0078                               v2 = iconst.i32 0
;; @0083                               v9 = iconst.i64 8
;; @0083                               v10 = iadd v3, v9  ; v9 = 8
;; @0085                               v17 = iconst.i64 4
;; @0085                               v15 = uextend.i64 v1
;; @0083                               v12 = iconst.i64 16
;; @0085                               v21 = iconst.i64 0
;; @0085                               v20 = iadd v4, v15
;; @0076                               jump block1
;;
;;                                 block1:
;; @007a                               v5 = atomic_load.i32 notrap little region0 v4
;;                                     v32 = iconst.i32 0
;;                                     v33 = icmp eq v5, v32  ; v32 = 0
;; @007f                               brif v33, block1, block2
;;
;;                                 block2:
;;                                     v34 = iadd.i64 v3, v9  ; v9 = 8
;; @0083                               v11 = atomic_load.i64 notrap aligned region1 v34
;; @0085                               v16 = load.i64 notrap aligned region1 v3+8
;;                                     v35 = iconst.i64 4
;;                                     v36 = isub v16, v35  ; v35 = 4
;; @0085                               v19 = icmp ult v36, v15
;; @0085                               trapnz v19, heap_oob
;;                                     v37 = iconst.i64 16
;;                                     v38 = ushr v11, v37  ; v37 = 16
;; @0083                               v14 = ireduce.i32 v38
;;                                     v39 = iconst.i64 0
;;                                     v40 = select_spectre_guard v19, v39, v20  ; v39 = 0
;; @0085                               store notrap little region0 v14, v40
;; @008d                               brif v14, block1, block3
;;
;;                                 block3:
;; @0090                               return
;; }
;; function u0:6(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v3 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v12 = load.i64 notrap aligned region1 v3+8
;; @0097                               v5 = uextend.i64 v1
;; @0097                               v7 = icmp ule v12, v5
;; @0097                               v9 = iconst.i64 0
;;                                     v4 = load.i64 notrap aligned readonly can_move v3
;; @0097                               v8 = iadd v4, v5
;; @0097                               v10 = select_spectre_guard v7, v9, v8  ; v9 = 0
;; @0093                               jump block1
;;
;;                                 block1:
;; @0097                               trapnz.i8 v7, heap_oob
;; @0097                               v11 = uload8.i32 notrap little region0 v10
;; @009a                               brif v11, block1, block2
;;
;;                                 block2:
;; @009d                               return
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x5, [x2, #32]
;;   ldr x5, [x5]
;;   add x5, x5, #24
;;   ldar x2, [x5]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   udf #0xc11f
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 48 }
;;   str x28, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 32, reg: p28i }
;;   stp x26, x27, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p26i }
;;   unwind SaveReg { clobber_offset: 24, reg: p27i }
;;   stp x24, x25, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p24i }
;;   unwind SaveReg { clobber_offset: 8, reg: p25i }
;; block0:
;;   add w13, w3, #1
;;   and w13, w13, #1
;;   cbnz w13, #trap=user3
;;   ldr x14, [x2, #32]
;;   ldr x14, [x14]
;;   add x14, x14, x3, UXTW
;;   add x25, x14, #3
;;   mov x26, x4
;;   atomic_rmw_loop_add_16 addr=x25 operand=x26 oldval=x27 scratch1=x24 scratch2=x28
;;   uxth w2, w27
;;   ldp x24, x25, [sp], #16
;;   ldp x26, x27, [sp], #16
;;   ldr x28, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 48 }
;;   str x28, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 32, reg: p28i }
;;   stp x26, x27, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p26i }
;;   unwind SaveReg { clobber_offset: 24, reg: p27i }
;;   stp x24, x25, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p24i }
;;   unwind SaveReg { clobber_offset: 8, reg: p25i }
;; block0:
;;   movz w14, #0
;;   adds w26, w4, w14
;;   cset x15, hs
;;   and w14, w3, #3
;;   cbnz w14, #trap=user3
;;   ldr x15, [x2, #32]
;;   ldr x15, [x15]
;;   add x25, x15, x3, UXTW
;;   mov x28, x5
;;   atomic_cas_loop_32 addr=x25, expect=x26, replacement=x28, oldval=x27, scratch=x24
;;   mov w2, w27
;;   ldp x24, x25, [sp], #16
;;   ldp x26, x27, [sp], #16
;;   ldr x28, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov x15, x4
;;   ldr x10, [x2, #8]
;;   mov x0, x2
;;   ldr x10, [x10, #112]
;;   movz w1, #0
;;   mov w11, w3
;;   add x2, x11, #8
;;   movn x4, #0
;;   mov x3, x15
;;   blr x10
;;   mov x2, x0
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x8, [x2, #32]
;;   ldr x9, [x8]
;;   b label1
;; block1:
;;   ldar w10, [x9]
;;   cbz w10, label2 ; b label3
;; block2:
;;   b label1
;; block3:
;;   add x11, x8, #8
;;   ldar x11, [x11]
;;   lsr x11, x11, #16
;;   str w11, [x9, w3, UXTW]
;;   cbnz w11, label4 ; b label5
;; block4:
;;   b label1
;; block5:
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x5, [x2, #32]
;;   ldr x5, [x5]
;;   b label1
;; block1:
;;   ldrb w6, [x5, w3, UXTW]
;;   cbnz w6, label2 ; b label3
;; block2:
;;   b label1
;; block3:
;;   ldp fp, lr, [sp], #16
;;   ret
