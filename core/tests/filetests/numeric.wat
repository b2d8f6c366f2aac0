;; Comparisons stay one bit wide until something needs them as a number.
;;! x86_64 clif faults
;;! x86_64 clif checks
;;! aarch64 machine faults

(module
  (func (param i32 i32) (result i32)
    (i32.add (i32.lt_s (local.get 0) (local.get 1)) (i32.eqz (local.get 0))))
  (func (param i64) (result i64)
    (i64.extend_i32_u (i64.eqz (local.get 0))))
  (func (param i32 i32 f32 f32) (result f32)
    (select (local.get 2) (local.get 3) (i32.gt_u (local.get 0) (local.get 1))))
  (func (param i32 i32) (result i32)
    (i32.div_s (i32.rem_u (local.get 0) (i32.const 10)) (local.get 1)))
  (func (param f64) (result i32)
    (i32.trunc_f64_s (f64.nearest (local.get 0))))
  (func (param i64) (result i64)
    (i64.extend8_s (local.get 0))))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0035                               v3 = icmp slt v1, v2
;; @0038                               v4 = iconst.i32 0
;; @0038                               v5 = icmp eq v1, v4  ; v4 = 0
;; @0039                               v6 = uextend.i32 v5
;; @0039                               v7 = uextend.i32 v3
;; @0039                               v8 = iadd v7, v6
;; @003a                               return v8
;; }
;; function u0:1(i64 vmctx, i64) -> i64 tail {
;;                                 block0(v0: i64, v1: i64):
;; @003f                               v2 = iconst.i64 0
;; @003f                               v3 = icmp eq v1, v2  ; v2 = 0
;; @0040                               v4 = uextend.i64 v3
;; @0041                               return v4
;; }
;; function u0:2(i64 vmctx, i32, i32, f32, f32) -> f32 tail {
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: f32, v4: f32):
;; @004c                               v5 = icmp ugt v1, v2
;; @004d                               v6 = select v5, v3, v4
;; @004e                               return v6
;; }
;; function u0:3(i64 vmctx, i32, i32) -> i32 tail {
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0053                               v3 = iconst.i32 10
;; @0055                               v4 = urem v1, v3  ; v3 = 10
;; @0058                               v5 = sdiv v4, v2
;; @0059                               return v5
;; }
;; function u0:4(i64 vmctx, f64) -> i32 tail {
;;                                 block0(v0: i64, v1: f64):
;; @005e                               v2 = nearest v1
;; @005f                               v3 = fcvt_to_sint.i32 v2
;; @0060                               return v3
;; }
;; function u0:5(i64 vmctx, i64) -> i64 tail {
;;                                 block0(v0: i64, v1: i64):
;; @0065                               v2 = ireduce.i8 v1
;; @0065                               v3 = sextend.i64 v2
;; @0066                               return v3
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32, i32) -> i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0035                               v3 = icmp slt v1, v2
;; @0038                               v4 = iconst.i32 0
;; @0038                               v5 = icmp eq v1, v4  ; v4 = 0
;; @0039                               v6 = uextend.i32 v5
;; @0039                               v7 = uextend.i32 v3
;; @0039                               v8 = iadd v7, v6
;; @003a                               return v8
;; }
;; function u0:1(i64 vmctx, i64) -> i64 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64):
;; @003f                               v2 = iconst.i64 0
;; @003f                               v3 = icmp eq v1, v2  ; v2 = 0
;; @0040                               v4 = uextend.i64 v3
;; @0041                               return v4
;; }
;; function u0:2(i64 vmctx, i32, i32, f32, f32) -> f32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: f32, v4: f32):
;; @004c                               v5 = icmp ugt v1, v2
;; @004d                               v6 = select v5, v3, v4
;; @004e                               return v6
;; }
;; function u0:3(i64 vmctx, i32, i32) -> i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0053                               v3 = iconst.i32 10
;; @0055                               v4 = urem v1, v3  ; v3 = 10
;; @0058                               trapz v2, int_divz
;; @0058                               v5 = iconst.i32 -2147483648
;; @0058                               v6 = icmp eq v4, v5  ; v5 = -2147483648
;; @0058                               v7 = iconst.i32 -1
;; @0058                               v8 = icmp eq v2, v7  ; v7 = -1
;; @0058                               v9 = band v6, v8
;; @0058                               trapnz v9, int_ovf
;; @0058                               v10 = sdiv v4, v2
;; @0059                               return v10
;; }
;; function u0:4(i64 vmctx, f64) -> i32 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: f64):
;; @005e                               v2 = nearest v1
;; @005f                               v3 = fcvt_to_sint.i32 v2
;; @0060                               return v3
;; }
;; function u0:5(i64 vmctx, i64) -> i64 tail {
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i64):
;; @0065                               v2 = ireduce.i8 v1
;; @0065                               v3 = sextend.i64 v2
;; @0066                               return v3
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   subs wzr, w3, w4
;;   cset x7, lt
;;   subs wzr, w3, #0
;;   cset x8, eq
;;   uxtb w8, w8
;;   add w2, w8, w7, UXTB
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   subs xzr, x3, #0
;;   cset x4, eq
;;   uxtb w2, w4
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   subs wzr, w3, w4
;;   fcsel s0, s0, s1, hi
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movz w12, #52429
;;   movk w12, w12, #52428, LSL #16
;;   mov w9, w3
;;   mov w11, w12
;;   madd x13, x9, x11, xzr
;;   lsr x15, x13, #32
;;   lsr w12, w15, #3
;;   movz w13, #10
;;   msub w12, w12, w13, w3
;;   cbz w4, #trap=int_divz
;;   adds wzr, w4, #1
;;   ccmp w12, #1, #nzcv, eq
;;   b.vs #trap=int_ovf
;;   sdiv w2, w12, w4
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   frintn d6, d0
;;   fcmp d6, d6
;;   b.vs #trap=bad_toint
;;   ldr d5, [const(0)]
;;   fcmp d6, d5
;;   b.le #trap=int_ovf
;;   movz x9, #16864, LSL #48
;;   fmov d16, x9
;;   fcmp d6, d16
;;   b.ge #trap=int_ovf
;;   fcvtzs w2, d6
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   sxtb x2, w3
;;   ldp fp, lr, [sp], #16
;;   ret
